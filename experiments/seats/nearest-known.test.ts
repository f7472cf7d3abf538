import { selectRuntime } from '@netspace/node';
import type { Architecture } from '@netspace/prep';
import { initialize, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';

import type { Shape } from '../sdf/shape-zoo.js';
import { nearestKnown } from './nearest-known.js';

const sdf = siren({ hidden: 4, layers: 0 });
const KNOWN = 70; // more than run at once

beforeAll(() => selectRuntime({ prefer: 'wasm' }));

it('finds the known seat that a target is a copy of, and puts the known seats together once', async () => {
  const seen: tf.Tensor[] = [];
  const architecture: Architecture = {
    ...sdf,
    applyMany(parameters, x) {
      seen.push(parameters[0]!);
      return sdf.applyMany!(parameters, x);
    },
  };
  const known = Array.from({ length: KNOWN }, (_, seed) => {
    const parameters = initialize(sdf.parameters, { seed, scheme: 'siren' });
    return { name: `seat-${seed}`, instance: { architecture, parameters } } as unknown as Shape;
  });
  const embeddings = tf.tensor2d(known.map((_, i) => [i, -i]));
  const nearest = nearestKnown(known, { embeddings, bounds: 0.6, clamp: 10, seed: 1 });
  for (const [asked, i] of [3, 69, 42].entries()) {
    const found = await nearest.of(known[i]!.instance);
    expect(found.arraySync()).toEqual([[i, -i]]);
    expect(seen.slice(2 * asked)).toEqual(seen.slice(0, 2)); // the very tensors of the first target
    found.dispose();
  }
  nearest.dispose();
  expect(seen.every(({ isDisposed }) => isDisposed)).toBe(true);
});
