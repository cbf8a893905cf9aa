import { afterAll } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import { potentialContract } from "../contracts/potential-contract.js";
import { describeWith } from "../support/requirements.js";
import { bispectra, snapAtoms, snapSpec } from "../support/snap-models.js";
import { requireWebGpu, stopWebGpu, webGpuHost } from "../support/webgpu.js";
import { lawCases } from "./law-cases.js";

afterAll(stopWebGpu);

const onGpu = lawCases.filter(({ spec }) => createPotential(spec).terms.every((term) => term.webgpu));
const snaps = Object.entries(bispectra).filter(([, { chemflag }]) => !chemflag);

describeWith([requireWebGpu()], "engine webgpu", () => {
  for (const one of onGpu) potentialContract(one, webGpuHost);
  for (const [name, bispectrum] of snaps)
    potentialContract(
      { name: `SNAP, ${name}`, spec: snapSpec(bispectrum), structure: snapAtoms(bispectrum) },
      webGpuHost,
    );
});
