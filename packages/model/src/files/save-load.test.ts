import { disposeInstances, tensorShape, type Architecture } from '@netspace/prep';
import { describeOnRuntimes } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { NetSpace } from '../net-space.js';
import { savedArtifacts } from '../testing/saved-artifacts.js';

const network = (name: string, outputs: number): Architecture => ({
  name,
  parameters: [
    { name: 'weight', shape: [outputs, 4], tensorAxes: [1, 0] },
    { name: 'bias', shape: [outputs] },
  ],
  apply: ([weight, bias], x) => tf.add(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D), bias!),
});
const architectures = [network('one', 2), network('two', 3)];
const makeSpace = () => new NetSpace({ architectures, prepShape: [4, 16], preset: 'tiny', seed: 3 });

/** What a handler of a real file gives back: JSON for all but the weights. */
async function artifactsOf(space: NetSpace, options: Parameters<NetSpace['save']>[1] = {}): Promise<tf.io.ModelArtifacts> {
  const { weightData, ...json } = await savedArtifacts(space, options);
  return { ...(JSON.parse(JSON.stringify(json)) as tf.io.ModelArtifacts), weightData: weightData! };
}

describeOnRuntimes(
  'save and load',
  () => {
    it('gives back every weight to the bit, the config and networks that run', async () => {
      const space = makeSpace();
      const before = tf.memory().numTensors;
      const loaded = await NetSpace.load(tf.io.fromMemory(await artifactsOf(space)), { architectures });
      expect(tf.memory().numTensors - before).toBe(Object.keys(space.variables).length);
      expect(loaded.config).toEqual(space.config);
      expect(Object.keys(loaded.variables)).toEqual(Object.keys(space.variables));
      for (const [name, variable] of Object.entries(space.variables)) {
        expect(new Uint32Array(loaded.variables[name]!.dataSync().buffer)).toEqual(new Uint32Array(variable.dataSync().buffer));
      }
      const [net] = loaded.instantiateAs(tf.ones([1, 64]), [1]);
      expect(net!.architecture.apply(net!.parameters, tf.ones([5, 4])).shape).toEqual([5, 3]);
      disposeInstances([net!]);
      space.dispose();
      loaded.dispose();
    });

    it('halves the file as float16, each weight within half a step of 11 bits', async () => {
      const space = makeSpace();
      const artifacts = await artifactsOf(space, { dtype: 'float16' });
      expect((artifacts.weightData as ArrayBuffer).byteLength).toBe(((await artifactsOf(space)).weightData as ArrayBuffer).byteLength / 2);
      const loaded = await NetSpace.load(tf.io.fromMemory(artifacts), { architectures });
      for (const [name, variable] of Object.entries(space.variables)) {
        const [before, after] = [variable.dataSync(), loaded.variables[name]!.dataSync()];
        const allowed = (value: number) => Math.max(2 ** -25, Math.abs(value) * 2 ** -11); // the first where halves are subnormal
        expect(before.findIndex((value, i) => Math.abs(value - after[i]!) > allowed(value))).toBe(-1);
      }
      await expect(space.save('indexeddb://x', { dtype: 'int8' as 'float16' })).rejects.toThrow(/'float32', 'float16', got 'int8'/);
      [space, loaded].forEach((each) => each.dispose());
    });

    it('keeps how a layer reads flattened images, and the layout of spaces that were saved without', async () => {
      const images = (flat: boolean, name = 'layers-model-1'): Architecture => ({
        ...network(name, 2),
        parameters: [
          {
            name: flat ? 'weight' : 'w',
            shape: [2, 4],
            tensorAxes: [1, 0],
            ...(flat ? { flattened: [{ axis: 1, parts: [[2, 2]] }] } : {}),
          },
          { name: 'bias', shape: [2] },
        ],
      });
      for (const [saved, given] of [
        [images(true), images(true)],
        [images(false), images(true)],
      ] as const) {
        const space = new NetSpace({ architectures: [saved], prepShape: [4, 16], preset: 'tiny', seed: 3 });
        const artifacts = await artifactsOf(space);
        const loaded = await NetSpace.load(tf.io.fromMemory(artifacts), { architectures: [given] });
        const bare = await NetSpace.load(tf.io.fromMemory(artifacts));
        expect(bare.architectures[0]!.parameters).toEqual(saved.parameters);
        const weightOf = async (each: NetSpace) => (await each.instantiate(tf.ones([1, 64])))[0]!.parameters[0]!.arraySync();
        expect(await weightOf(loaded)).toEqual(await weightOf(space));
        [space, loaded, bare].forEach((each) => each.dispose());
      }
      const space = new NetSpace({ architectures: [images(false, 'mine')], prepShape: [4, 16], preset: 'tiny' });
      const loading = NetSpace.load(tf.io.fromMemory(await artifactsOf(space)), { architectures: [images(true, 'mine')] });
      await expect(loading).rejects.toThrow(/with others/);
      space.dispose();
    });

    it('finds architectures by a function, or loads without any', async () => {
      const space = makeSpace();
      const artifacts = await artifactsOf(space);
      const byName = (name: string) => architectures.find((architecture) => architecture.name === name)!;
      const resolved = await NetSpace.load(tf.io.fromMemory(artifacts), { architectures: byName });
      expect(resolved.architectures).toEqual(architectures);
      const bare = await NetSpace.load(tf.io.fromMemory(artifacts));
      const [net] = bare.instantiateAs(tf.ones([1, 64]), [0]);
      expect(net!.parameters.map((tensor) => tensor.shape)).toEqual(architectures[0]!.parameters.map(tensorShape));
      expect(() => net!.architecture.apply(net!.parameters, tf.ones([1, 4]))).toThrow(/option 'architectures'/);
      [space, resolved, bare].forEach((each) => each.dispose());
    });
  },
  { runtimes: ['cpu'] },
);

describe('load', () => {
  type Change = (artifacts: Record<string, unknown> & { modelTopology: Record<string, unknown> }) => unknown;
  const loadChanged = async (change: Change, options: Parameters<typeof NetSpace.load>[1] = { architectures }) => {
    const space = makeSpace();
    const artifacts = await artifactsOf(space);
    space.dispose();
    change(artifacts as Record<string, unknown> & { modelTopology: Record<string, unknown> });
    return NetSpace.load(tf.io.fromMemory(artifacts), options);
  };
  /** A value that JSON.parse makes and JSON.stringify overflows the stack on. */
  const deep = (): unknown => JSON.parse('['.repeat(1e5) + ']'.repeat(1e5));
  const config =
    (changes: object): Change =>
    ({ modelTopology }) =>
      Object.assign(modelTopology['config'] as object, changes);
  const first =
    (changes: object): Change =>
    ({ modelTopology }) =>
      Object.assign((modelTopology['architectures'] as object[])[0]!, changes);

  it.each<[string, Change, RegExp]>([
    [
      'no topology',
      (artifacts) => delete (artifacts as { modelTopology?: unknown }).modelTopology,
      /modelTopology to be an object, got nothing/,
    ],
    ['another format', ({ modelTopology }) => (modelTopology['format'] = 'keras'), /format to be 'netspace', got 'keras'/],
    ['another schema', ({ modelTopology }) => (modelTopology['schemaVersion'] = 9), /schema version 1 to 4, got 9/],
    ['a deep format', ({ modelTopology }) => (modelTopology['format'] = deep()), /format to be 'netspace', got a list of 1/],
    ['a deep schema', ({ modelTopology }) => (modelTopology['schemaVersion'] = deep()), /schema version 1 to 4, got a list of 1/],
    ['a schema with toString', ({ modelTopology }) => (modelTopology['schemaVersion'] = { toString: 1 }), /1 to 4, got an object/],
    ['a deep name', first({ name: deep() }), /architectures\[0\].name to be a name, got a list of 1/],
    ['no architectures', ({ modelTopology }) => (modelTopology['architectures'] = 'x'), /architectures to be a list/],
    ['other classes', config({ classes: 3 }), /config.classes to be 2, the number of architectures, got 3/],
    ['a size that does not divide', config({ prepShape: [4, 17] }), /multiple of 8, got 17/],
    ['one side', config({ prepShape: [4] }), /a height and a width, got 1/],
    ['a negative size', config({ grid: -8 }), /config.grid to be an integer from 0 up, got -8/],
    ['a huge size', config({ decoderHidden: 2 ** 40 }), /config.decoderHidden to be at most 268435456/],
    ['another scale bias', config({ scaleBias: 'x' }), /config.scaleBias/],
    ['no name', first({ name: '' }), /architectures\[0\].name to be a name/],
    ['a long name', first({ name: 'x'.repeat(2000) }), /at most 1024 characters, got 2000/],
    ['no parameters', first({ parameters: null }), /architectures\[0\].parameters to be a list/],
    ['wrong axes', first({ parameters: [{ name: 'w', shape: [2, 4], tensorAxes: [0, 0] }] }), /tensorAxes to be the axes 0 to 1/],
    [
      'images that do not fill their axis',
      first({ parameters: [{ name: 'w', shape: [2, 4], flattened: [{ axis: 1, parts: [[3, 1]] }] }] }),
      /flattened\[0\].parts to be parts of 4 numbers together, got 3/,
    ],
    [
      'images of no size',
      first({ parameters: [{ name: 'w', shape: [2, 4], flattened: [{ axis: 1, parts: [[4]] }] }] }),
      /parts\[0\] to be channels and pixels, got \[4\]/,
    ],
    ['no weights', (artifacts) => delete artifacts['weightData'], /the weights to be there/],
    ['a weight too few', ({ weightSpecs }) => (weightSpecs as object[]).pop(), /weightSpecs to be 22 entries, got 21/],
    [
      'a weight of another shape',
      ({ weightSpecs }) => ((weightSpecs as { shape: number[] }[])[0]!.shape = [3]),
      /weightSpecs\[0\] to be encoder\/conv1.0.weight/,
    ],
    [
      'float16 weights among float32 ones',
      ({ weightSpecs }) => ((weightSpecs as { quantization?: object }[])[1]!.quantization = { dtype: 'float16' }),
      /weightSpecs\[1\] to be encoder\/conv1.0.bias, float32/,
    ],
    ['data too short', (artifacts) => (artifacts['weightData'] = new ArrayBuffer(8)), /weightData to be \d+ bytes, got 8/],
  ])('refuses %s', async (_, change, message) => {
    await expect(loadChanged(change)).rejects.toThrow(message);
  });

  it('refuses architectures that are not the saved ones, and more than its limits', async () => {
    const unchanged = () => undefined;
    await expect(loadChanged(unchanged, { architectures: [architectures[0]!] })).rejects.toThrow(/to hold two, got one; add it$/);
    await expect(loadChanged(unchanged, { architectures: () => undefined as never })).rejects.toThrow(/got nothing from the function/);
    await expect(loadChanged(unchanged, { architectures: [architectures[0]!, network('two', 4)] })).rejects.toThrow(
      /two with the 2 parameters/,
    );
    await expect(loadChanged(unchanged, { limits: { architectures: 1 } })).rejects.toThrow(/architectures to be at most 1 entries, got 2/);
    await expect(loadChanged(unchanged, { limits: { weightBytes: 100 } })).rejects.toThrow(/at most 100 bytes/);
  });

  it.each([
    ['layers-model-0123456789abc', 'layers-model-cba9876543210'],
    ['layers-model-0123456789abc', 'mine'],
    ['mine', 'layers-model-cba9876543210'],
  ])('says why the architecture of a tf.LayersModel that was saved as %s may now be %s', async (saved, given) => {
    const space = new NetSpace({ architectures: [network(saved, 2)], prepShape: [4, 16], preset: 'tiny' });
    const loading = NetSpace.load(tf.io.fromMemory(await artifactsOf(space)), { architectures: [network(given, 2)] });
    await expect(loading).rejects.toThrow(
      new RegExp(`hold ${saved}, got ${given}; .*another activation, another ending or another option 'name'`),
    );
    space.dispose();
  });

  it('says what to import for a URL without a handler', async () => {
    await expect(NetSpace.load('file://nowhere')).rejects.toThrow(/call registerFileHandler\(\) of @netspace\/node$/);
    await expect(NetSpace.load('nowhere')).rejects.toThrow(/pass a tf.io handler/);
    await expect(NetSpace.load({ save: () => Promise.reject(new Error()) })).rejects.toThrow(/can load, got one that cannot/);
    const space = makeSpace();
    await expect(space.save('file://nowhere')).rejects.toThrow(/registerFileHandler/);
    await expect(space.save('ftp://nowhere')).rejects.toThrow(/indexeddb/);
    space.dispose();
  });
});
