/** The part of @observablehq/runtime 6 that PhaseCell uses; the package ships no types. */
declare module "@observablehq/runtime" {
  export interface Observer {
    pending?(): void;
    fulfilled?(value: unknown, name?: string): void;
    rejected?(error: unknown, name?: string): void;
  }
  export interface Variable {
    define(name: string | null, inputs: readonly string[], definition: (...values: never[]) => unknown): Variable;
    delete(): void;
  }
  export interface Module {
    variable(observer?: Observer | true): Variable;
    value(name: string): Promise<unknown>;
  }
  export class Runtime {
    constructor(builtins?: Readonly<Record<string, () => unknown>>, global?: (name: string) => unknown);
    module(): Module;
    dispose(): void;
  }
  export class RuntimeError extends Error {
    readonly input?: string;
  }
}
