/** The part of @observablehq/inputs 0.12 that PhaseCell uses; the package ships no types. */
declare module "@observablehq/inputs" {
  type Element = HTMLElement & { value: unknown };
  type Options = Readonly<Record<string, unknown>>;
  export function range(extent: readonly number[] | undefined, options: Options): Element;
  export function number(extent: readonly number[] | undefined, options: Options): Element;
  export function select(values: readonly unknown[], options: Options): Element;
  export function radio(values: readonly unknown[], options: Options): Element;
  export function checkbox(values: readonly unknown[], options: Options): Element;
  export function toggle(options: Options): Element;
  export function text(options: Options): Element;
  export function button(label: string): Element;
  export function table(rows: readonly unknown[]): Element;
}
