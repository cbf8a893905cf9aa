import fs from "node:fs";

/** A NumPy array file of little-endian f64 in C order. */
export function readNpy(file: string): { readonly shape: number[]; readonly values: Float64Array } {
  const bytes = fs.readFileSync(file);
  const length = bytes[6] === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  const begin = (bytes[6] === 1 ? 10 : 12) + length;
  const header = bytes.toString("latin1", 10, begin);
  if (!header.includes("'<f8'") || !header.includes("'fortran_order': False"))
    throw new Error(`${file}: ${header}: not a C-ordered array of f64`);
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)![1]!
    .split(",")
    .filter((text) => text.trim())
    .map(Number);
  return {
    shape,
    values: new Float64Array(bytes.buffer.slice(bytes.byteOffset + begin, bytes.byteOffset + bytes.length)),
  };
}
