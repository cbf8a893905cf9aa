import { InputError } from "../errors.js";
import { defineCommand, printResult } from "./command.js";
import { installKernels, kernelsFolder } from "./kernel-spec.node.js";

export const command = defineCommand({
  name: "kernel",
  summary: "install the Jupyter kernel",
  usage: "kernel install [--prefix DIR | --path DIR | --user]",
  options: {
    prefix: { type: "string", placeholder: "DIR", help: "under DIR/share/jupyter (a virtual environment, /usr/local)" },
    path: { type: "string", placeholder: "DIR", help: "for one project: start Jupyter with JUPYTER_PATH=DIR" },
    user: { type: "boolean", help: "for this user (the default)" },
  },
  async run(args, io) {
    const [action, ...others] = args.positionals;
    const { prefix, path: folder, user } = args.values;
    if (action !== "install" || others.length)
      throw new InputError({ what: "kernel", value: args.positionals.join(" "), expected: "phasecell kernel install" });
    if ([prefix, folder, user].filter((one) => one !== undefined).length > 1)
      throw new InputError({ what: "--prefix, --path and --user", expected: "one of them" });
    const place = { ...(prefix === undefined ? {} : { prefix }), ...(folder === undefined ? {} : { folder }) };
    const files = installKernels(kernelsFolder(place));
    const { phasecell: file, "phasecell-tslab": tslab } = files;
    const start =
      folder === undefined ? "" : `\nstart Jupyter with JUPYTER_PATH=${kernelsFolder(place).replace(/.kernels$/, "")}`;
    printResult(
      args,
      io,
      { kernel: "phasecell", file, tslab },
      `${file}\n${tslab}\nin Jupyter: the kernel "PhaseCell (TypeScript)", and stock tslab beside it${start}`,
    );
  },
});
