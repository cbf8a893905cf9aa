import { InputError } from "../errors.js";
import { defineCommand, printResult } from "./command.js";
import { installKernel, kernelFolder } from "./kernel-spec.node.js";

export const command = defineCommand({
  name: "kernel",
  summary: "install the Jupyter kernel",
  usage: "kernel install [--prefix DIR | --user]",
  options: {
    prefix: { type: "string", placeholder: "DIR", help: "under DIR/share/jupyter (a virtual environment, /usr/local)" },
    user: { type: "boolean", help: "for this user (the default)" },
  },
  async run(args, io) {
    const [action, ...others] = args.positionals;
    const { prefix, user } = args.values;
    if (action !== "install" || others.length)
      throw new InputError({ what: "kernel", value: args.positionals.join(" "), expected: "phasecell kernel install" });
    if (prefix !== undefined && user) throw new InputError({ what: "--prefix and --user", expected: "one of them" });
    const file = installKernel(kernelFolder(prefix));
    printResult(args, io, { kernel: "phasecell", file }, `${file}\nin Jupyter: the kernel "PhaseCell (TypeScript)"`);
  },
});
