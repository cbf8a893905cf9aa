import { type ModelPhase, modelPhase } from "./model-phase.js";

/** A made-up metal with three crystals and a liquid; about 1340 K melting, a triple point near 7 GPa and 1130 K. */
export const modelMetal: readonly [ModelPhase, ModelPhase, ModelPhase, ModelPhase] = [
  modelPhase("alpha", { energy: -4.85, volume: 17.4, bulk: 110, slope: 4, theta: 280, gruneisen: 1.2 }),
  modelPhase("beta", { energy: -4.765, volume: 17.2, bulk: 107, slope: 4, theta: 215, gruneisen: 1.3 }),
  modelPhase("omega", { energy: -4.838, volume: 17, bulk: 112, slope: 4, theta: 285, gruneisen: 1.2 }),
  modelPhase("liquid", {
    ...{ energy: -4.62, volume: 18, bulk: 85, slope: 4.5, theta: 150, gruneisen: 1.5, liquid: 2e-4 },
  }),
];

export const modelWindow = { temperature: [100, 2400], pressure: [0, 15] } as const;
