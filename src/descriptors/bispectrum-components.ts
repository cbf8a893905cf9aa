import type { BispectrumParameters } from "./bispectrum-spec.js";

/**
 * One bispectrum component B = sum over ma, mb of Re(Z conj U), where Z couples the layers j1 and j2 of the densities
 * `channel1` and `channel2` to the layer j and U is that of `channel`. Momenta are doubled.
 */
export interface BispectrumComponent {
  readonly j1: number;
  readonly j2: number;
  readonly j: number;
  readonly channel1: number;
  readonly channel2: number;
  readonly channel: number;
}

/**
 * A coupled layer Z(j1, channel1; j2, channel2 -> j) and the layer it meets in derivatives: the gradient of component
 * k with respect to the layer (j, channel) of the density contains weight x Z for each [k, weight] of `uses`.
 */
export interface Coupling extends BispectrumComponent {
  readonly uses: [component: number, weight: number][];
}

/** Components in the order of LAMMPS: triples of channels outermost, then j1 >= j2, then j >= j1. */
export function bispectrumComponents({ twojmax, channels }: BispectrumParameters): BispectrumComponent[] {
  const components: BispectrumComponent[] = [];
  for (let channel1 = 0; channel1 < channels; channel1++)
    for (let channel2 = 0; channel2 < channels; channel2++)
      for (let channel = 0; channel < channels; channel++)
        for (let j1 = 0; j1 <= twojmax; j1++)
          for (let j2 = 0; j2 <= j1; j2++)
            for (let j = j1 - j2; j <= Math.min(twojmax, j1 + j2); j += 2)
              if (j >= j1) components.push({ j1, j2, j, channel1, channel2, channel });
  return components;
}

/**
 * The couplings that the gradients of all components need. B is symmetric in its three layers up to (2j+1) factors,
 * so that dB(j1 j2 j) = Z(j1 j2; j) conj dU_j + (j+1)/(j1+1) Z(j j2; j1) conj dU_j1 + (j+1)/(j2+1) Z(j j1; j2) conj
 * dU_j2. Couplings that are equal are joined; they are in order of the layer they meet.
 */
export function bispectrumCouplings(
  components: readonly BispectrumComponent[],
  { bnormflag }: Pick<BispectrumParameters, "bnormflag">,
): Coupling[] {
  const couplings = new Map<string, Coupling>();
  const add = (a: Layer, b: Layer, target: Layer, component: number, weight: number): void => {
    // Exchanging the two sources changes nothing: both Clebsch-Gordan factors change sign together.
    const swap = b.j > a.j || (b.j === a.j && b.channel < a.channel);
    const [first, second] = swap ? [b, a] : [a, b];
    const key = [first.j, first.channel, second.j, second.channel, target.j, target.channel].join();
    const coupling = couplings.get(key) ?? {
      j1: first.j,
      channel1: first.channel,
      j2: second.j,
      channel2: second.channel,
      j: target.j,
      channel: target.channel,
      uses: [],
    };
    couplings.set(key, coupling);
    const use = coupling.uses.find(([index]) => index === component);
    if (use) use[1] += weight;
    else coupling.uses.push([component, weight]);
  };
  components.forEach(({ j1, j2, j, channel1, channel2, channel }, index) => {
    const [a, b, c] = [
      { j: j1, channel: channel1 },
      { j: j2, channel: channel2 },
      { j, channel },
    ];
    const norm = bnormflag ? 1 / (j + 1) : 1;
    add(a, b, c, index, norm);
    add(c, b, a, index, (norm * (j + 1)) / (j1 + 1));
    add(c, a, b, index, (norm * (j + 1)) / (j2 + 1));
  });
  return [...couplings.values()].sort((a, b) => a.channel - b.channel || a.j - b.j);
}

interface Layer {
  readonly j: number;
  readonly channel: number;
}

/** Numbers per atom: the components, with quadraticflag followed by the products B_k B_l, k <= l. */
export const descriptorLength = (components: number, quadratic: boolean): number =>
  quadratic ? components + (components * (components + 1)) / 2 : components;

/** The component of an isolated atom, subtracted with bzeroflag: 2j+1, or 1 where components are divided by that. */
export function isolatedAtom(
  { channel1, channel2, channel, j }: BispectrumComponent,
  own: number,
  { bzeroflag, bnormflag, wselfallflag }: BispectrumParameters,
): number {
  const alone = channel1 === own && channel2 === own && channel === own;
  return bzeroflag && (alone || wselfallflag) ? (bnormflag ? 1 : j + 1) : 0;
}

/** A short name of each number per atom: B(j1,j2,j), with chemflag the indices of the three elements before. */
export function componentNames(components: readonly BispectrumComponent[], parameters: BispectrumParameters): string[] {
  const names = components.map(({ j1, j2, j, channel1, channel2, channel }) =>
    parameters.channels > 1 ? `B[${channel1},${channel2},${channel}](${j1},${j2},${j})` : `B(${j1},${j2},${j})`,
  );
  if (!parameters.quadraticflag) return names;
  const products = names.flatMap((name, k) => names.slice(k).map((other) => `${name}*${other}`));
  return [...names, ...products];
}

/**
 * Weights of the half sum over (mb, ma) with 2 mb <= j that stands for the sum over the full layer, [rows x (j+1)]:
 * the mirror symmetry u[j-mb][j-ma] = (-1)^(ma+mb) conj(u[mb][ma]) pairs every element with another.
 */
export function halfWeight(j: number, mb: number, ma: number): number {
  if (2 * mb < j) return 2;
  return ma < mb ? 2 : ma === mb ? 1 : 0;
}
