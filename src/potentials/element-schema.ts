import * as v from "valibot";
import { atomicNumber } from "../structure/elements.js";

/** A chemical symbol in a spec; the term sees the atomic number. Unknown symbols throw with a suggestion. */
export const element = v.pipe(
  v.string(),
  v.transform((symbol) => atomicNumber(symbol)),
);

/** Two symbols, in any order. */
export const elementPair = v.tuple([element, element]);
