/** A buffer that a kernel sees under its name in `Storage`. */
export interface Binding {
  readonly name: string;
  /** WGSL type. */
  readonly type: string;
  readonly access: "read" | "read_write" | "uniform";
  /** Name in the shader where it differs. */
  readonly as?: string;
}

/** One compute shader with the entry point `main`. */
export interface KernelSource {
  readonly name: string;
  /** At most eight in storage, what every device has. A buffer of `uniform` records can be storage of another kernel. */
  readonly bindings: readonly Binding[];
  /**
   * WGSL without the declarations of the bindings. Many systems of one size may run at once: it finds which one it is at
   * in `replica`, and begins with `enterReplica(workgroup_id.z)`, which `enter` of neighborhood.wgsl.ts calls.
   */
  readonly code: string;
  /** Threads of a workgroup, as `main` declares them; 1 where a workgroup is launched for each item. */
  readonly threads: number;
}
