import { createPacker } from "../engine/packer.js";
import { layOut, openRecord } from "../engine/record-layout.js";
import { initEngine, instantiateKernels, type WasmInstance } from "../engine/wasm-module.js";
import { openNeighborhood, type WasmNeighborhood } from "../neighbors/wasm-neighborhood.js";
import type { Structure } from "../structure/structure.js";
import { bispectrumComponents, bispectrumCouplings, descriptorLength } from "./bispectrum-components.js";
import { BISPECTRUM_TABLES, bispectrumLayout, packBispectrum, packTypes } from "./bispectrum-planner.js";
import { type BispectrumParameters, elementIndices, largestCutoff } from "./bispectrum-spec.js";
import { coupledBlocks, coupledTargets, packCouplings } from "./coupling-planner.js";
import type { DescriptorSession } from "./descriptor.js";

/** Twin of `DesignParameters` in bispectrum-design.as.ts. */
const DESIGN_PARAMETERS = layOut({
  tables: "usize",
  couplings: "usize",
  quadratic: "i32",
  length: "i32",
  columns: "i32",
  slopes: "i32",
  columnOfType: "usize",
  directions: "usize",
  gradient: "usize",
  ownGradient: "usize",
  strain: "usize",
  components: "usize",
  change: "usize",
  values: "usize",
  energy: "usize",
  forces: "usize",
  stress: "usize",
});

/** The bispectrum in WebAssembly: tables are packed once, the room after them is used anew by each structure. */
export async function openWasmBispectrum(parameters: BispectrumParameters): Promise<DescriptorSession> {
  await initEngine();
  const instance = instantiateKernels();
  const { memory, exports, packer } = instance;
  const components = bispectrumComponents(parameters);
  const couplings = bispectrumCouplings(components, parameters);
  const blocks = coupledBlocks(couplings);
  const layout = bispectrumLayout(parameters.twojmax);
  const length = descriptorLength(components.length, parameters.quadraticflag);
  const columns = parameters.elements.length * (1 + length);
  const every = parameters.elements.map((_, index) => index);
  const tables = packBispectrum(parameters, every, couplings, coupledTargets(blocks), packer);
  const vectors = (count: number): number => packer.allocate(16 * count * components.length);
  const fields = {
    tables,
    couplings: packCouplings(parameters, components, couplings, blocks, packer),
    quadratic: parameters.quadraticflag ? 1 : 0,
    length,
    columns,
    directions: packer.allocate(3 * layout.expansionBytes),
    gradient: vectors(3),
    ownGradient: vectors(3),
    strain: vectors(6),
    components: packer.allocate(8 * components.length),
    change: packer.allocate(8 * components.length),
  };
  const design = openRecord(memory, DESIGN_PARAMETERS, packer.allocate(DESIGN_PARAMETERS.bytes));
  for (const [field, value] of Object.entries(fields)) design.set(field as keyof typeof fields, value);
  const table = openRecord(memory, BISPECTRUM_TABLES, tables);
  const start = packer.allocate(0);

  const run = (structure: Structure, slopes: boolean) => {
    const room = { ...instance, packer: createPacker(memory, start) };
    const neighborhood = listNeighbors(room, structure, largestCutoff(parameters));
    const { count, species, system } = neighborhood;
    const elements = elementIndices(parameters, species, "bispectrum");
    for (const [field, value] of Object.entries(packTypes(parameters, elements, room.packer)))
      table.set(field as keyof ReturnType<typeof packTypes>, value);
    design.set("columnOfType", room.packer.i32(elements.map((element) => element * (1 + length))));
    design.set("slopes", slopes ? 1 : 0);
    const results = {
      values: count * length,
      energy: columns,
      forces: slopes ? 3 * count * columns : 0,
      stress: slopes ? 6 * columns : 0,
    };
    for (const [field, size] of Object.entries(results))
      design.set(field as keyof typeof results, room.packer.allocate(8 * size));
    exports.bispectrumDesign(system.address, design.address);
    if (system.get("status") !== 0) neighborhood.settle(system.get("status"));
    const result = (field: keyof typeof results): Float64Array =>
      new Float64Array(memory.buffer, design.get(field), results[field]).slice();
    const perAtom = (field: keyof typeof results): Float64Array => neighborhood.inCallersOrder(result(field));
    return { result, perAtom, volume: neighborhood.frame().volume };
  };

  return {
    engine: "wasm",
    values: (structure) => run(structure, false).perAtom("values"),
    designBlock(structure) {
      const { result, perAtom, volume } = run(structure, true);
      const stress = result("stress").map((value) => value / volume);
      return { columns, energy: result("energy"), forces: perAtom("forces"), stress };
    },
    dispose: () => instance.release(),
  };
}

function listNeighbors(instance: WasmInstance, structure: Structure, cutoff: number): WasmNeighborhood {
  const neighborhood = openNeighborhood(
    instance,
    structure,
    { cutoff, skin: 0, full: true, half: false, scratchPerAtom: 0 },
    () => {},
  );
  for (let status = -1; status !== 0; ) {
    status = instance.exports.buildNeighbors(neighborhood.hood.address, 1);
    if (status !== 0) neighborhood.settle(status);
  }
  return neighborhood;
}
