/** The kinds of field that a record shared with AssemblyScript may have. */
export type FieldKind = "f64" | "i32" | "usize";

/** Names, kinds and order of a record's fields: the twin of an `@unmanaged` class. */
export type RecordFields = Readonly<Record<string, FieldKind>>;

/** Where each field of a record stands, in bytes, and how large the record is. */
export interface RecordLayout<F extends RecordFields> {
  readonly fields: F;
  readonly offsets: Readonly<Record<keyof F, number>>;
  readonly bytes: number;
}

/** Lays fields out as AssemblyScript does: in order, each aligned to its own size. */
export function layOut<F extends RecordFields>(fields: F): RecordLayout<F> {
  const offsets = {} as Record<keyof F, number>;
  let top = 0;
  for (const [name, kind] of Object.entries(fields)) {
    const size = kind === "f64" ? 8 : 4;
    top = Math.ceil(top / size) * size;
    offsets[name as keyof F] = top;
    top += size;
  }
  return { fields, offsets, bytes: top };
}

/** A record in memory, read and written by field name; survives growth of the memory. */
export interface SharedRecord<F extends RecordFields> {
  readonly address: number;
  get(field: keyof F): number;
  set(field: keyof F, value: number): void;
}

/** Opens the record of this layout that starts at `address`. */
export function openRecord<F extends RecordFields>(
  memory: WebAssembly.Memory,
  { fields, offsets }: RecordLayout<F>,
  address: number,
): SharedRecord<F> {
  const view = (): DataView => new DataView(memory.buffer);
  return {
    address,
    get(field) {
      const place = address + offsets[field];
      if (fields[field] === "f64") return view().getFloat64(place, true);
      return fields[field] === "i32" ? view().getInt32(place, true) : view().getUint32(place, true);
    },
    set(field, value) {
      const place = address + offsets[field];
      if (fields[field] === "f64") view().setFloat64(place, value, true);
      else if (fields[field] === "i32") view().setInt32(place, value, true);
      else view().setUint32(place, value, true);
    },
  };
}
