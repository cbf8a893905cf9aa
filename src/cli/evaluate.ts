import { InputError } from "../errors.js";
import { formatExtxyz } from "../formats/extxyz.js";
import { checkWritable, readStructures, readText, writeText } from "../formats/files.node.js";
import { parsePotentialExpression } from "../formats/potential-expression.js";
import { createPotential } from "../potentials/create-potential.js";
import type { EngineName } from "../potentials/potential.js";
import { comparePredictions, type Prediction, predictStructures } from "../regression/evaluation.js";
import type { ErrorTable, QuantityErrors } from "../regression/metrics.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import { GPA_PER_EV_A3 } from "../units.js";
import { defineCommand, printResult } from "./command.js";
import { errorTableText } from "./error-table.js";

export const command = defineCommand({
  name: "evaluate",
  summary: "a potential on structures: energies, forces, stresses, errors against labels",
  usage: "evaluate POTENTIAL STRUCTURES... [--predictions OUT.extxyz]",
  options: {
    predictions: { type: "string", placeholder: "OUT.extxyz", help: "write the structures with predicted labels" },
    engine: {
      type: "string",
      placeholder: "NAME",
      help: "wasm (default), wasm-relaxed, wasm-mixed, webgpu or reference",
    },
  },
  async run(args, io) {
    const [expression, ...files] = args.positionals;
    if (expression === undefined || files.length === 0)
      throw new InputError({
        what: "evaluate",
        value: args.positionals.join(" "),
        expected: "POTENTIAL STRUCTURES...",
        attempt: 'phasecell evaluate "Ta06A.snapcoeff+zbl(4.0,4.8)" tantalum.xyz',
      });
    if (args.values.predictions !== undefined) checkWritable(args.values.predictions);
    const potential = createPotential(parsePotentialExpression(expression, readText));
    const structures = files.flatMap((file) => readStructures(file));
    const predictions = await predictStructures(potential, structures, {
      engine: engineOf(args.values.engine),
      signal: io.signal,
      onProgress: io.onProgress,
    });
    const errors = comparePredictions(structures, predictions);
    if (args.values.predictions !== undefined)
      writeText(
        args.values.predictions,
        formatExtxyz(structures.map((labeled, i) => relabel(labeled, predictions[i]!, expression))),
      );
    const { groups, ...all } = brief(errors);
    const document = {
      structures: structures.length,
      atoms: structures.reduce((sum, { structure }) => sum + structure.numbers.length, 0),
      ...all,
      ...(Object.keys(all).length === 0 ? {} : { groups }),
      frames: predictions.map((prediction, index) => frameOf(prediction, structures[index]!)),
    };
    printResult(
      args,
      io,
      document,
      Object.keys(all).length === 0 ? energiesText(predictions, structures) : errorTableText(errors, "errors"),
    );
  },
});

const ENGINES: readonly EngineName[] = ["wasm", "wasm-relaxed", "wasm-mixed", "webgpu", "reference"];

function engineOf(name: string | undefined): EngineName {
  const engine = name === undefined ? "wasm" : ENGINES.find((one) => one === name);
  if (engine) return engine;
  throw new InputError({ what: "--engine", value: name, expected: ENGINES.join(", ") });
}

type Brief = Partial<Record<string, { readonly mae: number; readonly rmse: number }>>;

function brief({ groups, ...all }: ErrorTable): Brief & { groups: Record<string, Brief> } {
  const short = (errors: QuantityErrors): Brief =>
    Object.fromEntries(Object.entries(errors).map(([quantity, { mae, rmse }]) => [quantity, { mae, rmse }]));
  return {
    ...short(all),
    groups: Object.fromEntries(Object.entries(groups).map(([name, errors]) => [name, short(errors)])),
  } as Brief & { groups: Record<string, Brief> };
}

/** Predictions of one frame: eV, eV/A, GPa (Voigt, positive = tension). */
function frameOf({ energy, forces, stress }: Prediction, { structure, group }: LabeledStructure) {
  const atoms = structure.numbers.length;
  return {
    energy,
    energyPerAtom: energy / atoms,
    atoms,
    group,
    maxForce: forces.reduce((most, force) => Math.max(most, Math.abs(force)), 0),
    ...(stress ? { stress: Array.from(stress, (s) => s * GPA_PER_EV_A3) } : {}),
  };
}

function relabel(
  { structure, group }: LabeledStructure,
  { energy, forces, stress }: Prediction,
  potential: string,
): LabeledStructure {
  return { structure, group, energy, forces, ...(stress ? { stress } : {}), provenance: { potential } };
}

const energiesText = (predictions: readonly Prediction[], structures: readonly LabeledStructure[]): string =>
  predictions
    .map(({ energy }, index) => {
      const atoms = structures[index]!.structure.numbers.length;
      return `${index}: ${energy.toFixed(9)} eV, ${(energy / atoms).toFixed(9)} eV/atom`;
    })
    .join("\n");
