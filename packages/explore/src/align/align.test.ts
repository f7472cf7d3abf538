import {
  type Architecture,
  type Instance,
  NetSpaceError,
  packPRep,
  parameterCount,
  permutationSpec,
  prepSymmetry,
  unresolvedArchitecture,
} from '@netspace/prep';
import { changedInstance, normalStream, randomPermutation, randomStream } from '@netspace/prep/internal';
import { describeOnRuntimes, expectClose, twoHeads } from '@netspace/testing';
import { initialize, lenetLike, resnet8, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { align, type AlignOptions } from './align.js';
import { repairStatistics } from './repair-statistics.js';

/** `x → in → relu(stream + block(stream)) …→ out`, all hidden layers of one size. */
function residualNet(width: number, blocks: number): Architecture {
  const names = Array.from({ length: blocks }, (_, i) => `block${i}`);
  const bare: Architecture = {
    ...unresolvedArchitecture(`residual-${width}`, [
      { name: 'in.weight', shape: [4, width] },
      ...names.flatMap((name) => [{ name: `${name}.first`, shape: [width, width] }, { name: `${name}.second`, shape: [width, width] }]),
      { name: 'out.weight', shape: [width, 2] },
    ]),
    apply([first, ...rest], x) {
      let stream = tf.matMul(x, first!);
      names.forEach((_, i) => (stream = tf.add(stream, tf.matMul(tf.relu(tf.matMul(stream, rest[2 * i]!)), rest[2 * i + 1]!))));
      return tf.matMul(stream, rest.at(-1)!);
    },
  };
  return { ...bare, parameters: permutationSpec(bare, { inputShape: [1, 4] }) };
} // prettier-ignore

/** A network of normal weights. */
function randomNet(architecture: Architecture, seed: number): Instance {
  const normal = normalStream(randomStream(seed));
  const parameters = architecture.parameters.map(({ shape }) => {
    const size = shape.reduce((product, n) => product * n, 1);
    return tf.tensor(
      Float32Array.from({ length: size }, () => normal() / Math.sqrt(shape[0]!)),
      [...shape],
    );
  });
  return { architecture, parameters };
}

/** The same network with orders, signs and, if asked for, periods at random. */
function hidden(instance: Instance, seed: number, turns = false): Instance {
  const random = randomStream(seed, 1);
  const symmetry = prepSymmetry(instance.architecture, {
    order: (_, count) => randomPermutation(count, random),
    signs: (_, count) => Array.from({ length: count }, () => (random() < 0.5 ? 1 : -1)),
    turns: turns ? (_, count) => Array.from({ length: count }, () => Math.floor(3 * random()) - 1) : undefined,
  });
  return changedInstance(instance, symmetry);
}

const numbers = ({ architecture, parameters }: Instance) =>
  tf.tidy(() => packPRep({ architecture, parameters }, [1, parameterCount(architecture.parameters)]).dataSync());
const methods: readonly (readonly [string, (x: tf.Tensor) => AlignOptions])[] = [
  ['weights', () => ({ by: 'weights' })],
  ['activations', (inputs) => ({ by: 'activations', inputs })],
];

describeOnRuntimes('align', () => {
  describe.each(methods)('by %s', (_, optionsFor) => {
    it.each([
      [lenetLike({ channels: 1, size: 16, width: 0.3 }), [16, 16, 1]],
      [resnet8({ channels: 1, size: 16, width: 0.25 }), [16, 16, 1]],
      [residualNet(12, 3), [4]],
    ] as const)('undoes a permutation, to the bit, and leaks no tensor ($0.name)', async (architecture, size) => {
      const instance = architecture.name.startsWith('residual')
        ? randomNet(architecture, 1)
        : { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
      const other = hidden(instance, 2);
      expect(numbers(other)).not.toEqual(numbers(instance));
      const inputs = tf.randomNormal([32, ...size], 0, 1, 'float32', 3);
      const before = tf.memory().numTensors;
      const aligned = await align(instance, other, optionsFor(inputs));
      expect(tf.memory().numTensors).toBe(before + architecture.parameters.length);
      expect(numbers(aligned.instance)).toEqual(numbers(instance));
      expect(aligned.distance).toBe(0);
    });
    it('undoes signs and phases of sine units', async () => {
      const architecture = siren({ inputs: 2, hidden: 24, layers: 1, outputs: 3 });
      const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1, scheme: 'siren' }) };
      const other = hidden(instance, 2, true);
      const inputs = tf.randomUniform([200, 2], -1, 1, 'float32', 3);
      const aligned = await align(instance, other, optionsFor(inputs));
      // A period of 2π / 30 is rounded in float32.
      expectClose(numbers(aligned.instance), numbers(instance), 1e-6);
      expect(aligned.distance).toBeLessThan(1e-6);
      const unsigned = await align(instance, other, { ...optionsFor(inputs), signs: false });
      expect(unsigned.distance).toBeGreaterThan(0.5);
    });
    it('leaves what another network does as it is, and comes nearer', async () => {
      const architecture = resnet8({ channels: 1, size: 16, width: 0.25 });
      const [a, b] = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
      const inputs = tf.randomNormal([8, 16, 16, 1], 0, 1, 'float32', 3);
      const { instance, distance } = await align(a!, b!, optionsFor(inputs));
      expectClose(architecture.apply(instance.parameters, inputs).dataSync(), architecture.apply(b!.parameters, inputs).dataSync(), 1e-4);
      const apart = (x: Float32Array, y: Float32Array) => Math.hypot(...x.map((value, i) => value - y[i]!));
      const length = (x: Float32Array) => Math.hypot(...x);
      const [mine, theirs] = [numbers(a!) as Float32Array, numbers(instance) as Float32Array];
      expect(distance).toBeCloseTo(apart(mine, theirs) / ((length(mine) + length(theirs)) / 2), 5);
    });
  });

  it('recovers planted permutations of residual networks of random weights, whatever order is searched first', async () => {
    for (const seed of [1, 2, 3]) {
      const instance = randomNet(residualNet(30, 4), seed);
      const { distance } = await align(instance, hidden(instance, seed), { by: 'weights', restarts: 1 });
      expect(distance).toBe(0);
    }
  });
  it('refuses an architecture that runs other operations from call to call', async () => {
    let calls = 0;
    const fickle: Architecture = {
      ...residualNet(4, 1),
      apply: ([first, second, third, last], x) => {
        const stream = calls++ % 2 === 0 ? tf.matMul(x, first!) : tf.neg(tf.neg(tf.matMul(x, first!)));
        return tf.matMul(tf.matMul(tf.matMul(stream, second!), third!), last!);
      },
    };
    const instance = randomNet(fickle, 1);
    await expect(align(instance, instance, { by: 'activations', inputs: tf.ones([2, 4]) })).rejects.toThrow(
      /align: expected residual-4 to run the same operations on every call/,
    );
  });
  it('refuses networks of two architectures, and options that mean nothing', async () => {
    const [a, b] = [8, 9].map((size) => randomNet(residualNet(size, 1), 1));
    await expect(align(a!, b!)).rejects.toThrow(NetSpaceError);
    await expect(align(a!, b!)).rejects.toThrow(/one architecture, got residual-8 and residual-9/);
    await expect(align(a!, a!, { by: 'luck' } as never)).rejects.toThrow(/align: .*weights.*activations/);
    await expect(align(a!, a!, { by: 'weights', restarts: 0 })).rejects.toThrow(/restarts/);
  });
});

describe('a network of several outputs', () => {
  it('is aligned by activations so that all its outputs stay, not the first alone', async () => {
    await tf.setBackend('cpu');
    const [a, b] = [1, 2].map((seed) => randomNet(twoHeads(7), seed));
    const inputs = tf.randomNormal([32, 4], 0, 1, 'float32', 3);
    const { instance } = await align(a!, b!, { by: 'activations', inputs });
    expect([...instance.parameters[0]!.dataSync()]).not.toEqual([...b!.parameters[0]!.dataSync()]); // its units have another order
    const of = ({ architecture, parameters }: Instance) => architecture.applyNamed!(parameters, { x: inputs });
    const [before, after] = [of(b!), of(instance)];
    for (const name of ['class', 'size']) expectClose(after[name]!.dataSync(), before[name]!.dataSync(), 1e-5);
    expect(repairStatistics(a!, a!, instance, { inputs }).parameters).toHaveLength(3);
  });
});
