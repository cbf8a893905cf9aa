import * as v from "valibot";

/** What recipes say of their entries, and what is said of a value that does not fit. */
export const finite = v.pipe(v.number(), v.finite());

export const positive = v.pipe(finite, v.gtValue(0, "a number above 0"));

export const wholeFrom = (least: number) =>
  v.pipe(v.number(), v.integer("a whole number"), v.minValue(least, `a whole number from ${least}`));

export const seed = wholeFrom(0);

/** An expression such as `Ta06A.snapcoeff+zbl(4.0,4.8)`, paths relative to the recipe; or a potential as JSON. */
export const potential = v.union([v.string(), v.looseObject({ format: v.literal("phasecell-potential") })]);
