import { type Option, valueOf } from '@netspace/prep/internal';

import type { Triple } from './mesh/triangle-mesh.js';
import type { Rgb } from './render/picture.js';

const isTriple = (value: unknown, holds: (part: number) => boolean): boolean =>
  Array.isArray(value) && value.length === 3 && value.every((part) => typeof part === 'number' && holds(part));

/** A point or a size in space. */
export const triple: Option<Triple> = valueOf<Triple>('[x, y, z] in finite numbers', (value) => isTriple(value, Number.isFinite));

export const rgb: Option<Rgb> = valueOf<Rgb>('[red, green, blue], each from 0 to 255', (value) =>
  isTriple(value, (part) => part >= 0 && part <= 255),
);
