// The frames of ../shared/data/saidi_Ti as the fit takes them: without copies, one name for trajectories that are
// copies of each other, and whole trajectories held out; with them the labels of ../titanium-liquid.
import fs from "node:fs";
import zlib from "node:zlib";
import { findCopies, parseExtxyz, splitDataset } from "../../dist/index.js";
import { alignPublished, readLabels, warmElectrons } from "../titanium-liquid/frames.mjs";

/** Frames that two trajectories must share to count as one. */
const SHARED = 3;

/** @param {string} file all.xyz.gz */
export function readFrames(file) {
  const text = zlib.gunzipSync(fs.readFileSync(file)).toString("utf8");
  const all = parseExtxyz(text, { file });
  const copyOf = findCopies(all);
  const source = ({ structure }) => structure.info.source;
  const shared = new Map();
  for (const [index, first] of copyOf.entries()) {
    const [one, two] = [source(all[first]), source(all[index])];
    if (one !== two) shared.set(`${one}\n${two}`, (shared.get(`${one}\n${two}`) ?? 0) + 1);
  }
  const same = new Map();
  const name = (of) => (same.has(of) ? name(same.get(of)) : of);
  for (const [pair, count] of shared) {
    const [one, two] = pair.split("\n").map(name);
    if (count >= SHARED && one !== two) same.set(two, one);
  }
  const frames = all.filter((_, index) => copyOf[index] === index);
  const renamed = frames.map((frame) => ({ ...frame, provenance: { source: name(source(frame)) } }));
  const groups = new Map();
  for (const { group, provenance } of renamed) groups.set(group, new Set(groups.get(group)).add(provenance.source));
  // A group of a single trajectory (vacancies) stays in training; cross-validation holds it out in turn.
  const lone = ({ group }) => groups.get(group).size === 1;
  const { train, test } = splitDataset(
    renamed.filter((frame) => !lone(frame)),
    0.1,
    1,
  );
  return { all, copies: all.length - frames.length, train: [...train, ...renamed.filter(lone)], test };
}

/**
 * What the fit takes, on one scale of energy and pressure, with electrons of 1200 K: `train`, whole published trajectories held
 * out (`test`), and own labels that no fit has seen (`unseen`).
 * @param {string} file all.xyz.gz
 */
export async function readDataset(file) {
  const { all, copies, train, test } = readFrames(file);
  return {
    all,
    copies,
    train: [
      ...(await warmElectrons([...train.map(alignPublished), ...readLabels("liquid")])),
      ...readLabels("rest-warm"),
      ...readLabels("hot"),
    ],
    test: await warmElectrons(test.map(alignPublished)),
    unseen: await readUnseen(),
  };
}

/** Own labels that no fit has seen. */
export const readUnseen = async () => [...(await warmElectrons(readLabels("unseen"))), ...readLabels("unseen-hot")];
