import { describe, expect, it } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import { fcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";

describe("Lennard-Jones fluid", () => {
  // LAMMPS's melt, 32000 atoms at a reduced density of 0.8442 with T = 1.44 at step 0: E_pair -6.7733681 per atom and a
  // pressure of -5.0197073, of which N - 1 atoms carry density T.
  it("has the energy and pressure of LAMMPS's melt at step 0", async () => {
    const density = 0.8442;
    const crystal = supercell(fcc("Ar", (4 / density) ** (1 / 3)), [20, 0, 0, 0, 20, 0, 0, 0, 20]);
    const count = crystal.numbers.length;
    const session = await createPotential({ kind: "lennard-jones", epsilon: 1, sigma: 1, cutoff: 2.5 }).open(crystal);
    const { energy, virial } = await session.evaluate();
    session.dispose();
    expect(count).toBe(32000);
    expect(Math.abs(energy / count + 6.7733681)).toBeLessThan(1e-7);
    const volume = count / density;
    const pressure = ((count - 1) * 1.44) / volume + (virial[0]! + virial[4]! + virial[8]!) / (3 * volume);
    expect(Math.abs(pressure + 5.0197073)).toBeLessThan(1e-7);
  });
});
