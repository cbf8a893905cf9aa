import { System } from "../engine/system.as";

// Parameters: 32 bytes per atom, as the caller numbers them: site x, y, z and stiffness.

export function einsteinCrystal(system: System, parameters: usize, begin: i32, end: i32): void {
  const cell = system.cell;
  for (let i = begin; i < end; i++) {
    const tether = parameters + (<usize>load<i32>(system.atoms + (<usize>i << 2)) << 5);
    const x = system.positions + (<usize>i << 5);
    const f = system.forces + (<usize>i << 5);
    const image = system.images + (<usize>i << 4);
    const a = <f64>load<i32>(image);
    const b = <f64>load<i32>(image, 4);
    const c = <f64>load<i32>(image, 8);
    const k = load<f64>(tether, 24);
    const dx = load<f64>(x) + a * load<f64>(cell) + b * load<f64>(cell, 24) + c * load<f64>(cell, 48) - load<f64>(tether);
    const dy =
      load<f64>(x, 8) + a * load<f64>(cell, 8) + b * load<f64>(cell, 32) + c * load<f64>(cell, 56) - load<f64>(tether, 8);
    const dz =
      load<f64>(x, 16) + a * load<f64>(cell, 16) + b * load<f64>(cell, 40) + c * load<f64>(cell, 64) - load<f64>(tether, 16);
    store<f64>(f, load<f64>(f) - k * dx);
    store<f64>(f, load<f64>(f, 8) - k * dy, 8);
    store<f64>(f, load<f64>(f, 16) - k * dz, 16);
    store<f64>(f, load<f64>(f, 24) + 0.5 * k * (dx * dx + dy * dy + dz * dz), 24);
  }
}
