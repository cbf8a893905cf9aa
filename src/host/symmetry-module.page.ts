type SymmetryModule = typeof import("@spglib/moyo-wasm");

let ready: Promise<SymmetryModule> | undefined;

/** The symmetry library with its WebAssembly started. */
export const symmetryModule = (): Promise<SymmetryModule> => {
  ready ??= import("@spglib/moyo-wasm").then(async (moyo) => {
    await moyo.default();
    return moyo;
  });
  return ready;
};
