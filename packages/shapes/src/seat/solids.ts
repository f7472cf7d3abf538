import type { Manifold, ManifoldToplevel } from 'manifold-3d';

import type { Triple } from '../mesh/triangle-mesh.js';

/** A polygon, counter-clockwise. */
type Outline = [x: number, y: number][];

/** Makes the parts of a seat, y up, and keeps account of them. */
export interface Solids {
  /** A box with its faces along the axes. */
  box(center: Triple, size: Triple): void;
  /** A prism from one height to another, whose ends are level: what lies between is sheared, and tapers from 1 to `scale`. */
  upright(outline: Outline, from: Triple, to: Triple, scale?: number): void;
  /** A bar of a square or round profile, whose ends are at right angles to it. */
  bar(from: Triple, to: Triple, thickness: number, round?: boolean): void;
  /** Remembers how thin a part is. */
  thin(thickness: number): void;
  /** The least thickness so far. */
  thinnest(): number;
  /** All parts as one solid. */
  union(): Manifold;
  /** Frees all parts. */
  delete(): void;
}

/** Corners of a round profile. */
const CORNERS = 16;

/** A square about the origin, or a circle of as many corners as look round. */
export const profile = (thickness: number, round: boolean): Outline =>
  round ? ellipse(thickness, thickness, CORNERS) : rectangle(thickness, thickness);

/** A rectangle about the origin. */
export const rectangle = (width: number, height: number): Outline => [
  [-width / 2, -height / 2],
  [width / 2, -height / 2],
  [width / 2, height / 2],
  [-width / 2, height / 2],
];

/** An ellipse about the origin, inscribed in its box. */
export const ellipse = (width: number, height: number, corners: number): Outline =>
  Array.from({ length: corners }, (_, i): [number, number] => {
    const angle = (2 * Math.PI * i) / corners;
    return [(width / 2) * Math.cos(angle), (height / 2) * Math.sin(angle)];
  });

/** A strip of some thickness about the x axis, whose middle bulges upwards (towards positive y) by `curve`. */
export function strip(width: number, thickness: number, curve: number): Outline {
  const pieces = curve === 0 ? 1 : 12;
  const side = (offset: number): Outline =>
    Array.from({ length: pieces + 1 }, (_, i): [number, number] => {
      const x = width * (i / pieces - 0.5);
      return [x, bulge(x, width, curve) + offset];
    });
  return [...side(-thickness / 2), ...side(thickness / 2).reverse()];
}

/** How far a strip bulges at x. */
export const bulge = (x: number, width: number, curve: number): number => curve * (1 - ((2 * x) / width) ** 2);

/** Starts with no parts. */
export function solids({ Manifold }: ManifoldToplevel): Solids {
  const parts: Manifold[] = [];
  let least = Infinity;
  const thin = (thickness: number): void => void (least = Math.min(least, thickness));
  const placed = (made: Manifold, matrix: Parameters<Manifold['transform']>[0]): void => {
    parts.push(made.transform(matrix));
    made.delete();
  };
  return {
    thin,
    thinnest: () => least,
    box([x, y, z], size) {
      thin(Math.min(...size));
      placed(Manifold.cube([...size], true), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, x, y, z, 1]);
    },
    upright(outline, [x, y, z], to, scale = 1) {
      const height = to[1] - y;
      const [alongX, alongZ] = [(to[0] - x) / height, (to[2] - z) / height];
      // Outlines lie in x and −z, so that they are counter-clockwise from above.
      placed(Manifold.extrude(outline, height, 0, 0, [scale, scale]), [1, 0, 0, 0, 0, 0, -1, 0, alongX, 1, alongZ, 0, x, y, z, 1]);
    },
    bar([x, y, z], to, thickness, round = false) {
      thin(thickness);
      const along: Triple = [to[0] - x, to[1] - y, to[2] - z];
      const length = Math.hypot(...along);
      const [a, b, c] = along.map((part) => part / length) as [number, number, number];
      const flat = Math.hypot(a, c);
      const [u, w] = flat < 1e-9 ? [1, 0] : [c / flat, -a / flat]; // level, at right angles to the bar
      const up = [b * w, c * u - a * w, -b * u] as const; // along × level
      placed(Manifold.extrude(profile(thickness, round), length), [u, 0, w, 0, ...up, 0, a, b, c, 0, x, y, z, 1]);
    },
    union: () => Manifold.union(parts),
    delete: () => parts.forEach((part) => part.delete()),
  };
}
