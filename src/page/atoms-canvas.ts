import type { LiveFrame } from "./live-messages.js";

/** Color of an atom by the number of its neighbors; from fewer than four to more than six. */
export const COORDINATION_COLORS: readonly { readonly label: string; readonly color: string }[] = [
  { label: "3 or less", color: "#8c959f" },
  { label: "4", color: "#0072b2" },
  { label: "5", color: "#009e73" },
  { label: "6", color: "#e69f00" },
  { label: "7 or more", color: "#d55e00" },
];
const colorIndex = (coordination: number): number => Math.min(Math.max(coordination - 3, 0), 4);

const SPRITE = 64;
/** A, radius of a drawn atom. */
const RADIUS = 0.62;

/** Atoms as shaded spheres on a canvas, to be turned by dragging. */
export interface AtomsCanvas {
  readonly element: HTMLCanvasElement;
  draw(frame: LiveFrame): void;
}

/** A plain canvas: 512 atoms with their bonds take about 3 ms (tests/measure/page); nothing is built anew for a frame. */
export function atomsCanvas(): AtomsCanvas {
  const element = document.createElement("canvas");
  element.className = "atoms";
  element.title = "Drag to turn, scroll with Ctrl to zoom, double-click to start over";
  const context = element.getContext("2d")!;
  const sprites = COORDINATION_COLORS.map(({ color }) => sphere(color));
  let last: LiveFrame | undefined;
  let [turn, tilt, zoom] = [-0.42, 0.26, 1];
  const redraw = (): void => {
    if (last) paint(context, last, { turn, tilt, zoom }, sprites);
  };
  element.addEventListener("pointerdown", (event) => element.setPointerCapture(event.pointerId));
  element.addEventListener("pointermove", (event) => {
    if (!event.buttons) return;
    turn += event.movementX / 150;
    tilt = Math.min(Math.max(tilt + event.movementY / 150, -Math.PI / 2), Math.PI / 2);
    redraw();
  });
  element.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom = Math.min(Math.max(zoom * Math.exp(-event.deltaY / 400), 0.4), 5);
      redraw();
    },
    { passive: false },
  );
  element.addEventListener("dblclick", () => {
    [turn, tilt, zoom] = [-0.42, 0.26, 1];
    redraw();
  });
  return {
    element,
    draw(frame) {
      last = frame;
      redraw();
    },
  };
}

/** A ball lit from above left. */
function sphere(color: string): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SPRITE;
  const context = canvas.getContext("2d")!;
  const middle = SPRITE / 2;
  const draw = (): void => {
    const light = context.createRadialGradient(0.7 * middle, 0.6 * middle, 0, middle, middle, middle);
    light.addColorStop(0, `color-mix(in srgb, ${color} 35%, white)`);
    light.addColorStop(0.45, color);
    light.addColorStop(1, `color-mix(in srgb, ${color} 55%, black)`);
    context.fillStyle = light;
    context.beginPath();
    context.arc(middle, middle, middle - 0.5, 0, 2 * Math.PI);
    context.fill();
  };
  draw();
  // A browser that loses its GPU process loses pictures that nobody draws again.
  canvas.addEventListener("contextrestored", draw);
  return canvas;
}

interface Camera {
  readonly turn: number;
  readonly tilt: number;
  readonly zoom: number;
}

function paint(
  context: CanvasRenderingContext2D,
  { positions, cell, bonds, coordination }: LiveFrame,
  { turn, tilt, zoom }: Camera,
  sprites: readonly HTMLCanvasElement[],
): void {
  const { canvas } = context;
  const ratio = Math.min(devicePixelRatio || 1, 2);
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  context.clearRect(0, 0, width, height);
  const count = coordination.length;
  const corner = (a: number, b: number, c: number): [number, number, number] =>
    [0, 1, 2].map((d) => a * cell[d]! + b * cell[3 + d]! + c * cell[6 + d]!) as [number, number, number];
  const middle = corner(0.5, 0.5, 0.5);
  const diagonal = Math.hypot(...corner(1, 1, 1));
  const scale = (zoom * 1.12 * Math.min(width, height)) / diagonal;
  const [ct, st, cl, sl] = [Math.cos(turn), Math.sin(turn), Math.cos(tilt), Math.sin(tilt)];
  /** x to the right, y down, depth towards the reader; from A to pixels, a little perspective. */
  const project = (x: number, y: number, z: number): [number, number, number] => {
    const [u, v, w] = [x - middle[0], y - middle[1], z - middle[2]];
    const [right, away] = [ct * u - st * v, st * u + ct * v];
    const depth = -(cl * away - sl * w);
    const near = scale / (1 - (0.25 * depth) / diagonal);
    return [width / 2 + near * right, height / 2 - near * (sl * away + cl * w), depth];
  };
  const seen = Array.from({ length: count }, (_, i) =>
    project(positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!),
  );

  context.strokeStyle = "#8c959f";
  context.lineWidth = ratio;
  context.beginPath();
  for (const [from, to] of EDGES) {
    const [x, y] = project(...corner(...from));
    const [x2, y2] = project(...corner(...to));
    context.moveTo(x, y);
    context.lineTo(x2, y2);
  }
  context.stroke();

  // Far things first: numbers below `count` are atoms, the others bonds.
  const things = new Uint32Array(count + bonds.length / 2).map((_, i) => i);
  const depth = Float32Array.from(things, (i) =>
    i < count ? seen[i]![2] : (seen[bonds[2 * (i - count)]!]![2] + seen[bonds[2 * (i - count) + 1]!]![2]) / 2,
  );
  things.sort((a, b) => depth[a]! - depth[b]!);
  context.lineCap = "round";
  for (const thing of things) {
    const fog = 0.5 + depth[thing]! / diagonal;
    if (thing >= count) {
      const [a, b] = [seen[bonds[2 * (thing - count)]!]!, seen[bonds[2 * (thing - count) + 1]!]!];
      const shade = Math.round(205 - 75 * Math.min(Math.max(fog, 0), 1));
      context.strokeStyle = `rgb(${shade} ${shade + 3} ${shade + 8})`;
      context.lineWidth = 0.26 * scale;
      context.beginPath();
      context.moveTo(a[0], a[1]);
      context.lineTo(b[0], b[1]);
      context.stroke();
      continue;
    }
    const [x, y, z] = seen[thing]!;
    const radius = (RADIUS * scale) / (1 - (0.25 * z) / diagonal);
    context.globalAlpha = Math.min(1, 0.55 + 0.6 * Math.max(fog, 0));
    context.drawImage(sprites[colorIndex(coordination[thing]!)]!, x - radius, y - radius, 2 * radius, 2 * radius);
    context.globalAlpha = 1;
  }
}

type Corner = readonly [number, number, number];
const EDGES: readonly (readonly [Corner, Corner])[] = [0, 1].flatMap((a) =>
  [0, 1].flatMap((b) => [
    [
      [0, a, b],
      [1, a, b],
    ] as const,
    [
      [a, 0, b],
      [a, 1, b],
    ] as const,
    [
      [a, b, 0],
      [a, b, 1],
    ] as const,
  ]),
);
