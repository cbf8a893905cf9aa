import { didYouMean, InputError } from "../errors.js";
import { parseWith } from "../schema.js";
import { einsteinCrystal } from "./einstein-crystal.js";
import { embeddedAtom } from "./embedded-atom.js";
import type { Law } from "./law.js";
import { lennardJones } from "./lennard-jones.js";
import { morse } from "./morse.js";
import type { LawSpec } from "./potential.js";
import { snap } from "./snap.js";
import { splineMeam } from "./spline-meam.js";
import { stillingerWeber } from "./stillinger-weber.js";
import type { Term } from "./term.js";
import { tersoff } from "./tersoff.js";
import { uhlenbeckFord } from "./uhlenbeck-ford.js";
import { zieglerBiersackLittmark } from "./ziegler-biersack-littmark.js";

const entry = <S extends LawSpec>(law: Law<S>): [string, Law] => [law.kind, law as unknown as Law];

/** Every law by its `kind`. A new law is one file, its twin, and one line here. */
export const laws: ReadonlyMap<string, Law> = new Map([
  entry(einsteinCrystal),
  entry(embeddedAtom),
  entry(lennardJones),
  entry(morse),
  entry(snap),
  entry(splineMeam),
  entry(stillingerWeber),
  entry(tersoff),
  entry(uhlenbeckFord),
  entry(zieglerBiersackLittmark),
]);

/** The term of one law spec from outside: unknown kinds and keys get a suggestion. */
export function toTerm(spec: LawSpec, what: string): Term {
  const kind = (spec as { readonly kind?: unknown } | null)?.kind;
  const law = typeof kind === "string" ? laws.get(kind) : undefined;
  if (law === undefined) {
    const meant = typeof kind === "string" ? didYouMean(kind, laws.keys()) : undefined;
    throw new InputError({
      what: `${what}.kind`,
      value: kind ?? "none",
      expected: `one of ${[...laws.keys()].join(", ")}`,
      ...(meant === undefined ? {} : { attempt: meant }),
    });
  }
  return law.toTerm(parseWith(law.schema, spec, what) as LawSpec);
}
