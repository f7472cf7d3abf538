import { type Architecture, NetSpaceError, parameterCount, unresolvedArchitecture } from '@netspace/prep';
import { describeOnRuntimes, expectClose } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { resolveConfig } from '../config.js';
import { NetSpace } from '../net-space.js';
import { stateDictsOf } from '../state-dicts/state-dicts-of.js';
import { savedArtifacts, withConfig } from '../testing/saved-artifacts.js';
import { decoderSpecs } from '../weights/specs.js';

const linear: Architecture = unresolvedArchitecture('linear-60', [{ name: 'weight', shape: [60] }]);
const sizes = { architectures: [linear], prepShape: [4, 16], preset: 'tiny', seed: 1 } as const;
const dense = { layers: 2, units: 7 };

/** One embedding through the layers, number by number. */
function decodedByHand(space: NetSpace, embedding: readonly number[]): readonly number[] {
  const of = (name: string) => space.variables[`decoder/${name}`]!.arraySync();
  const layer = (inputs: readonly number[], number: number): readonly number[] => {
    const [weight, bias] = [of(`dense${number}.weight`) as number[][], of(`dense${number}.bias`) as number[]];
    return bias.map((start, to) => inputs.reduce((sum, value, from) => sum + value * weight[from]![to]!, start));
  };
  const leaky = (values: readonly number[]) => values.map((value) => (value > 0 ? value : 0.01 * value));
  const last = layer(leaky(layer(leaky(layer(embedding, 1)), 2)), 3);
  const [scale, bias] = [(of('scalelayer.scale') as number[][]).flat(), (of('scalelayer.bias') as number[][]).flat()];
  return last.map((value, i) => value * scale[i]! + bias[i]!);
}

describeOnRuntimes('a dense decoder', () => {
  it('gives what its layers give when computed one number at a time', () => {
    const space = new NetSpace({ ...sizes, dense });
    const embeddings = tf.randomNormal([2, 64], 0, 3, 'float32', 5) as tf.Tensor2D;
    const { preps } = space.decode(embeddings);
    expectClose(
      preps.dataSync(),
      embeddings.arraySync().flatMap((row) => decodedByHand(space, row)),
    );
    tf.dispose([embeddings, preps]);
    space.dispose();
  });

  it('is saved and loaded with its sizes, which readers that do not know them refuse', async () => {
    const before = tf.memory().numTensors;
    const space = new NetSpace({ ...sizes, dense });
    const artifacts = await savedArtifacts(space);
    expect((artifacts.modelTopology as { schemaVersion: number }).schemaVersion).toBe(4);
    const loaded = await NetSpace.load(tf.io.fromMemory(artifacts));
    expect(loaded.config).toEqual(space.config);
    const embeddings = tf.randomNormal([2, 64], 0, 1, 'float32', 5) as tf.Tensor2D;
    const [saved, again] = [space, loaded].map((one) => tf.tidy(() => [...one.decode(embeddings).preps.dataSync()]));
    expect(again).toEqual(saved);
    embeddings.dispose();
    for (const one of [space, loaded]) one.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [7, 'CORRUPT_FILE', /config\.dense to be an object, got 7/],
    [{ layers: 2 }, 'CORRUPT_FILE', /config\.dense\.units to be an integer/],
    [{ layers: 0, units: 7 }, 'INVALID_OPTION', /dense\.layers/],
    [{ layers: 65, units: 7 }, 'LIMIT_EXCEEDED', /config\.dense\.layers to be at most 64, got 65/],
    [{ layers: 2, units: 8 }, 'CORRUPT_FILE', /dense1\.weight/],
    [undefined, 'CORRUPT_FILE', /weightSpecs/],
  ])('is not loaded from a file that says %j', async (said, code, message) => {
    const space = new NetSpace({ ...sizes, dense });
    await expect(NetSpace.load(withConfig(await savedArtifacts(space), { dense: said }))).rejects.toMatchObject({
      ...{ code, message: expect.stringMatching(message) as string },
    });
    space.dispose();
  });
});

describe('dense', () => {
  it('has two hidden layers of 512 by default, and no convolutions', () => {
    const config = resolveConfig({ prepShape: [4, 16], preset: 'tiny', dense: {} });
    expect(config.dense).toEqual({ layers: 2, units: 512 });
    const specs = decoderSpecs(config);
    expect(specs.map(({ name }) => name)).toEqual([
      ...[1, 2, 3].flatMap((layer) => [`dense${layer}.weight`, `dense${layer}.bias`]),
      ...['scalelayer.scale', 'scalelayer.bias'],
    ]);
    expect(parameterCount(specs)).toBe(65 * 512 + 513 * 512 + 513 * 64 + 2 * 64);
  });

  it('leaves no key in the config of spaces without it', () => {
    expect('dense' in resolveConfig({ prepShape: [4, 16], preset: 'tiny' })).toBe(false);
  });

  it.each([{ layers: 0 }, { layers: 65 }, { units: 0 }, { units: 1.5 }, { unit: 3 }, 3, true])('refuses %j', (wrong) => {
    expect(() => new NetSpace({ ...sizes, dense: wrong as never })).toThrow(/dense/);
  });

  it('is refused before any weight is made where it would take too much memory', () => {
    expect(() => new NetSpace({ ...sizes, dense: { units: 2 ** 20 } })).toThrow(/expected at most 536870912 weights/);
  });

  it("is refused where the authors' decoder is asked for", async () => {
    const space = new NetSpace({ ...sizes, dense });
    await expect(stateDictsOf(space)).rejects.toThrow(NetSpaceError);
    await expect(stateDictsOf(space)).rejects.toThrow(/got one with dense; .* without dense$/);
    space.dispose();
  });
});
