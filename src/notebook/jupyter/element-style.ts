/** Usual colors of elements in pictures; those without one follow a circle of hues. */
const COLORS: Readonly<Record<number, string>> = {
  ...{
    1: "#e6e6e6",
    3: "#b36bd6",
    5: "#e8a48f",
    6: "#4d4d4d",
    7: "#3d5fd9",
    8: "#d92b2b",
    9: "#6fc24a",
    11: "#8f5fd1",
  },
  ...{
    12: "#6ab04a",
    13: "#9aa0b5",
    14: "#d9a441",
    15: "#e07b1f",
    16: "#d9c22e",
    17: "#3fbf4f",
    18: "#6cc5d9",
    19: "#7d4fc4",
  },
  ...{
    20: "#5fa84a",
    22: "#9aa0a6",
    26: "#c8622e",
    28: "#4fb06a",
    29: "#b87333",
    30: "#7d80b0",
    31: "#b58a8a",
    32: "#668f8f",
  },
  ...{
    33: "#b57de0",
    41: "#73c2c9",
    42: "#54b5b5",
    47: "#b8bcc4",
    49: "#a67573",
    50: "#668080",
    73: "#4d8fd9",
    74: "#2e7fc4",
  },
  ...{ 78: "#a3a3b8", 79: "#e0b21f", 82: "#575961" },
};

export const elementColor = (number: number): string => COLORS[number] ?? `hsl(${(number * 47) % 360} 45% 55%)`;

/** Covalent radii [A] of Cordero et al., Dalton Trans. 2008, 2832, up to krypton; heavier elements near their rows' mean. */
const RADII =
  "0.7 0.31 0.28 1.28 0.96 0.84 0.76 0.71 0.66 0.57 0.58 1.66 1.41 1.21 1.11 1.07 1.05 1.02 1.06 2.03 1.76 1.70 1.60 1.53 1.39 1.39 1.32 1.26 1.24 1.32 1.22 1.22 1.20 1.19 1.20 1.20 1.16"
    .split(" ")
    .map(Number);

export const elementRadius = (number: number): number => RADII[number] ?? (number < 55 ? 1.45 : 1.5);
