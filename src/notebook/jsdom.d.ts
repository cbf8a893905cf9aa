/** The part of jsdom that PhaseCell uses; the package ships no types. */
declare module "jsdom" {
  export class JSDOM {
    constructor(html: string);
    readonly window: { readonly DOMParser: typeof DOMParser; close(): void };
  }
}
