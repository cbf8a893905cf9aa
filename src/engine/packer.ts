/**
 * Lays out tables in WebAssembly memory: a bump allocator (nothing is freed before the instance is dropped) with
 * views that survive growth, since growing detaches every earlier typed array.
 */
export interface Packer {
  readonly memory: WebAssembly.Memory;
  /** Reserves zeroed bytes, 16-byte aligned; returns the address. */
  allocate(bytes: number): number;
  f64(values: ArrayLike<number>): number;
  i32(values: ArrayLike<number>): number;
  /** A view for writing and reading; valid until the next allocation. */
  view(): DataView;
}

const PAGE = 65536;
const aligned = (address: number): number => 16 * Math.ceil(address / 16);

export function createPacker(memory: WebAssembly.Memory, start: number): Packer {
  let top = aligned(start);
  const allocate = (bytes: number): number => {
    const address = top;
    top = aligned(top + bytes);
    const missing = top - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    new Uint8Array(memory.buffer, address, top - address).fill(0);
    return address;
  };
  return {
    memory,
    allocate,
    f64(values) {
      const address = allocate(8 * values.length);
      new Float64Array(memory.buffer, address, values.length).set(values);
      return address;
    },
    i32(values) {
      const address = allocate(4 * values.length);
      new Int32Array(memory.buffer, address, values.length).set(values);
      return address;
    },
    view: () => new DataView(memory.buffer),
  };
}
