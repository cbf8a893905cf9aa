/** Parts of a one-line message a person can act on: `what: value; expected ...; try ...`. */
export interface Complaint {
  /** The thing that is wrong, in the user's words: `cutoff`, `train.xyz line 12`. */
  readonly what: string;
  /** What was found there. */
  readonly value?: unknown;
  /** What would have been accepted. */
  readonly expected?: string;
  /** The next thing to do. */
  readonly attempt?: string;
}

const show = (value: unknown): string => {
  if (value === "") return "nothing";
  // JSON would call a number that is not finite null.
  const text =
    typeof value === "string" || typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  const line = text.replace(/\s+/g, " ");
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
};

const compose = ({ what, value, expected, attempt }: Complaint): string =>
  [
    value === undefined ? what : `${what}: ${show(value)}`,
    expected === undefined ? undefined : `expected ${expected}`,
    attempt === undefined ? undefined : `try ${attempt}`,
  ]
    .filter((part) => part !== undefined)
    .join("; ");

/** Bad input: the command line ends with exit code 2 and this one line. */
export class InputError extends Error {
  override readonly name = "InputError";
  constructor(
    readonly complaint: Complaint,
    options?: ErrorOptions,
  ) {
    super(compose(complaint), options);
  }
}

/** A computation that could not be finished with good input (exit code 1): a blown-up run, an unconverged label. */
export class ComputationError extends Error {
  override readonly name = "ComputationError";
  constructor(
    readonly complaint: Complaint,
    options?: ErrorOptions,
  ) {
    super(compose(complaint), options);
  }
}

/** Dynamics that blew up, a minimization that does not converge: says nothing of what was to be found out. */
export class NumericalError extends ComputationError {}

/** A thread ended in the middle of its work, out of memory or killed: says nothing of what it was computing. */
export class WorkerLostError extends ComputationError {}

/** The known word closest to `word` by edit distance, if it is close enough to be what was meant. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    // Every letter replaced is another word.
    if (distance < Math.min(least, Math.max(word.length, candidate.length))) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++)
      row.push(Math.min(row[j - 1]! + 1, previous[j]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    previous = row;
  }
  return previous[b.length]!;
}
