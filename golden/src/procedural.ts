import type { RawTensor } from '@netspace/formats';

import type { GeneratedTensor, Manifest } from './manifest.js';

/**
 * A generated tensor: `float32(scale · (((i · multiplier + seed) mod 2³²) / 2³² − 0.5))` with i the flat index.
 *
 * @see golden/README.md, "Procedural weights"
 */
export function generate({ shape, seed, scale }: GeneratedTensor, multiplier = 2654435761): RawTensor {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < data.length; i++) {
    const u = (Math.imul(i, multiplier) + seed) >>> 0; // imul: the product wraps at 2³² and would not fit a double
    data[i] = scale * (u / 4294967296 - 0.5); // rounded once, by the array
  }
  return { dtype: 'F32', shape, data };
}

/** All tensors of one generator group, by name. */
export function generateGroup({ generated, multiplier }: Manifest, name: string): ReadonlyMap<string, RawTensor> {
  const group = generated[name];
  if (group === undefined) throw new Error(`manifest: expected generator.groups.${name}, got none`);
  return new Map(Object.entries(group).map(([tensor, recipe]) => [tensor, generate(recipe, multiplier)]));
}
