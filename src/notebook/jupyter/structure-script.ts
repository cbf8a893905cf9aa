/**
 * Draws `data` on the canvas of its page: bonds and atoms from back to front, the cell's edges, shaded spheres. Plain
 * JavaScript as text, because it runs in the front end.
 */
export const STRUCTURE_SCRIPT = `
const canvas = document.querySelector("canvas"), context = canvas.getContext("2d");
const n = data.kind.length, { positions: x, cell } = data;
const corners = Array.from({ length: 8 }, (_, k) => [0, 1, 2].map((c) => (k & 1 ? cell[c] : 0) + (k & 2 ? cell[3 + c] : 0) + (k & 4 ? cell[6 + c] : 0)));
const edges = [[0,1],[0,2],[0,4],[1,3],[1,5],[2,3],[2,6],[3,7],[4,5],[4,6],[5,7],[6,7]];
const middle = [0, 1, 2].map((c) => corners.reduce((sum, corner) => sum + corner[c] / 8, 0));
const reach = Math.max(2, ...corners.map((p) => Math.hypot(...p.map((v, c) => v - middle[c]))), ...Array.from({ length: n }, (_, i) => Math.hypot(x[3*i]-middle[0], x[3*i+1]-middle[1], x[3*i+2]-middle[2])));
const bonds = [];
if (n <= 3000) {
  // Cells of the longest bond keep the search linear.
  const longest = 2.4 * Math.max(...data.kinds.map((kind) => kind.radius)), bins = new Map();
  const bin = (i, d = [0, 0, 0]) => [0, 1, 2].map((c) => Math.floor(x[3*i+c] / longest) + d[c]).join();
  for (let i = 0; i < n; i++) { const key = bin(i); if (!bins.has(key)) bins.set(key, []); bins.get(key).push(i); }
  for (let i = 0; i < n; i++) for (let a = -1; a < 2; a++) for (let b = -1; b < 2; b++) for (let c = -1; c < 2; c++)
    for (const j of bins.get(bin(i, [a, b, c])) ?? []) {
      const limit = 1.2 * (data.kinds[data.kind[i]].radius + data.kinds[data.kind[j]].radius);
      if (j > i && Math.hypot(x[3*i]-x[3*j], x[3*i+1]-x[3*j+1], x[3*i+2]-x[3*j+2]) < limit) bonds.push([i, j]);
    }
}
let turn = start(), zoom = 1;
function start() { return multiply(rotation(1, -0.5), rotation(0, -1.25)); }
function rotation(axis, angle) {
  const c = Math.cos(angle), s = Math.sin(angle);
  return axis ? [c, 0, s, 0, 1, 0, -s, 0, c] : [1, 0, 0, 0, c, -s, 0, s, c];
}
function multiply(a, b) { return Array.from({ length: 9 }, (_, k) => { const r = 3 * Math.floor(k / 3), c = k % 3; return a[r]*b[c] + a[r+1]*b[3+c] + a[r+2]*b[6+c]; }); }
function place(p) {
  const q = p.map((v, c) => v - middle[c]);
  return [0, 3, 6].map((r) => turn[r]*q[0] + turn[r+1]*q[1] + turn[r+2]*q[2]);
}
function draw() {
  const ratio = devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
  canvas.width = width * ratio; canvas.height = height * ratio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const far = 4 * reach, scale = (zoom * 0.46 * Math.min(width, height)) / reach;
  const onScreen = ([a, b, c]) => { const near = (scale * far) / (far - c); return [width / 2 + a * near, height / 2 - b * near, near]; };
  const items = [];
  const atoms = Array.from({ length: n }, (_, i) => place([x[3*i], x[3*i+1], x[3*i+2]]));
  for (const [i, j] of edges) { const p = place(corners[i]), q = place(corners[j]); items.push({ depth: (p[2] + q[2]) / 2, line: [p, q], style: "#9aa4af", thick: 0.02 }); }
  for (const [i, j] of bonds) {
    const p = atoms[i], q = atoms[j], half = p.map((v, c) => (v + q[c]) / 2);
    items.push({ depth: (p[2] + half[2]) / 2 - 0.1, line: [p, half], style: data.kinds[data.kind[i]].color, thick: 0.16 });
    items.push({ depth: (q[2] + half[2]) / 2 - 0.1, line: [q, half], style: data.kinds[data.kind[j]].color, thick: 0.16 });
  }
  atoms.forEach((p, i) => items.push({ depth: p[2], atom: p, kind: data.kinds[data.kind[i]] }));
  items.sort((a, b) => a.depth - b.depth);
  for (const item of items) {
    const haze = Math.max(0, Math.min(0.55, (0.35 * (reach - item.depth)) / (2 * reach)));
    context.globalAlpha = 1 - haze;
    if (item.line) {
      const [a, b, near] = onScreen(item.line[0]), [c, d] = onScreen(item.line[1]);
      context.strokeStyle = item.style; context.lineWidth = Math.max(1, item.thick * near);
      context.beginPath(); context.moveTo(a, b); context.lineTo(c, d); context.stroke();
    } else {
      const [a, b, near] = onScreen(item.atom), r = Math.max(1, 0.38 * item.kind.radius * near);
      context.globalAlpha = 1;
      const shade = context.createRadialGradient(a - 0.35*r, b - 0.35*r, 0.1*r, a, b, r);
      shade.addColorStop(0, "#fff"); shade.addColorStop(0.35, item.kind.color); shade.addColorStop(1, item.kind.color);
      context.fillStyle = shade; context.strokeStyle = "rgba(0,0,0,.45)"; context.lineWidth = 0.6;
      context.beginPath(); context.arc(a, b, r, 0, 7); context.fill(); context.stroke();
      context.globalAlpha = haze; context.fillStyle = "#fff"; context.fill();
    }
  }
  context.globalAlpha = 1;
  data.kinds.forEach((kind, k) => {
    context.fillStyle = kind.color; context.beginPath(); context.arc(14, 16 + 18*k, 6, 0, 7); context.fill(); context.stroke();
    context.fillStyle = "#1b1f24"; context.fillText(kind.symbol, 26, 20 + 18*k);
  });
}
let from;
canvas.onpointerdown = (event) => { from = event; canvas.setPointerCapture(event.pointerId); };
canvas.onpointerup = () => { from = undefined; };
canvas.onpointermove = (event) => {
  if (!from) return;
  turn = multiply(multiply(rotation(1, (event.clientX - from.clientX) / 120), rotation(0, (event.clientY - from.clientY) / 120)), turn);
  from = event; requestAnimationFrame(draw);
};
canvas.onwheel = (event) => { event.preventDefault(); zoom = Math.max(0.3, Math.min(12, zoom * Math.exp(-event.deltaY / 600))); requestAnimationFrame(draw); };
canvas.ondblclick = () => { turn = start(); zoom = 1; draw(); };
// A front end may show the frame later than it loads it.
new ResizeObserver(draw).observe(canvas);
`;
