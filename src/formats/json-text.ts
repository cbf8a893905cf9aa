import { InputError } from "../errors.js";

/** Parses JSON; what is wrong is one line that names file and line. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const { message } = cause as SyntaxError;
    const position = /position (\d+)/.exec(message)?.[1];
    const end = /end of JSON/i.test(message) ? text.length : 0;
    const line = text.slice(0, position === undefined ? end : Number(position)).split("\n").length;
    throw new InputError({ what: `${file} line ${line}`, value: message, expected: "JSON" }, { cause });
  }
}
