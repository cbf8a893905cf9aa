import { BOHR, RYDBERG } from "../units.js";
import type { Label } from "./label.js";

/** What the text output of one pw.x run says. */
export type QuantumEspressoOutput = { readonly version: string | undefined; readonly seconds: number } & (
  | { readonly status: "converged"; readonly label: Label }
  | { readonly status: "unconverged" | "crashed"; readonly message: string }
);

/**
 * Reads the output of a self-consistent run with forces and stress. An unconverged run also ends in JOB DONE, so
 * convergence is believed only where the line that claims it, the final energy, all forces and the stress are there.
 * Units: Ry and Ry/bohr become eV and eV/A; stress is Ry/bohr^3, positive under compression, here eV/A^3,
 * positive under tension. With smearing the energy of the `!` line is the free energy, consistent with the forces.
 */
export function parseQuantumEspressoOutput(text: string, atomCount: number): QuantumEspressoOutput {
  const about = { version: /Program PWSCF v\.(\S+)/.exec(text)?.[1], seconds: processorSeconds(text) };
  const failed = (status: "unconverged" | "crashed", message: string): QuantumEspressoOutput => ({
    ...about,
    status,
    message,
  });
  const unconverged = /convergence NOT achieved after\s+(\d+) iterations/.exec(text);
  if (unconverged) return failed("unconverged", `no self-consistency after ${unconverged[1]} steps`);
  const error = /Error in routine\s+(\S+) \(\s*\d+\):\s*\n\s*(.*)/.exec(text);
  if (error) return failed("crashed", `pw.x stopped in ${error[1]}: ${error[2]!.trim()}`);
  const signal = /Program received signal (.*)/.exec(text);
  if (signal) return failed("crashed", `pw.x received ${signal[1]!.trim()}`);
  if (!text.includes("JOB DONE")) return failed("crashed", `pw.x ended early, after: ${lastLine(text)}`);
  if (!text.includes("convergence has been achieved")) return failed("crashed", "output claims no convergence");

  const energy = Number([...text.matchAll(/^!\s+total energy\s+=\s*(\S+) Ry/gm)].at(-1)?.[1]);
  const forces = forcesOf(text, atomCount);
  const stress = stressOf(text);
  if (!Number.isFinite(energy)) return failed("crashed", "output has no final energy");
  if (!forces) return failed("crashed", `output has no forces on ${atomCount} atoms`);
  if (!stress) return failed("crashed", "output has no stress");
  return { ...about, status: "converged", label: { energy: energy * RYDBERG, forces, stress } };
}

/** [3N] eV/A: the first block after its heading (high verbosity prints contributions in further ones). */
function forcesOf(text: string, atomCount: number): Float64Array | undefined {
  const block = text.slice(text.indexOf("Forces acting on atoms"));
  const rows = [...block.matchAll(/atom\s+\d+ type\s+\d+\s+force =\s*(\S+)\s+(\S+)\s+(\S+)/g)].slice(0, atomCount);
  const forces = Float64Array.from(
    rows.flatMap((row) => row.slice(1, 4).map(Number)),
    (x) => (x * RYDBERG) / BOHR,
  );
  return rows.length === atomCount && forces.every(Number.isFinite) ? forces : undefined;
}

/** [6] eV/A^3 from the Ry/bohr^3 columns of the three rows: they have eight decimals, the kbar columns beside them two. */
function stressOf(text: string): Float64Array | undefined {
  const start = text.search(/total\s+stress\s+\(Ry\/bohr\*\*3\)/);
  if (start < 0) return undefined;
  const rows = text
    .slice(start)
    .split("\n")
    .slice(1, 4)
    .map((line) => line.trim().split(/\s+/).slice(0, 3).map(Number));
  const at = (i: number, j: number): number => (-(rows[i]?.[j] ?? Number.NaN) * RYDBERG) / BOHR ** 3;
  const voigt = Float64Array.of(at(0, 0), at(1, 1), at(2, 2), at(1, 2), at(0, 2), at(0, 1));
  return voigt.every(Number.isFinite) ? voigt : undefined;
}

/** Processor seconds from `PWSCF : 1m25.20s CPU`; 0 where the run ended before printing them. */
function processorSeconds(text: string): number {
  const match = /PWSCF\s+:\s+(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:([\d.]+)s)? CPU/.exec(text);
  const [days, hours, minutes, seconds] = (match?.slice(1) ?? []).map((part) => Number(part ?? 0));
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
}

const lastLine = (text: string): string => text.trimEnd().split("\n").at(-1)?.trim() || "no output";
