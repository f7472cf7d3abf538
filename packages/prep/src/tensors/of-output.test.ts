import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import type { Architecture } from '../architecture.js';
import { joinInputs } from './joined-inputs.js';
import { instanceOfOutput, ofOutput } from './of-output.js';

const batch = (name: string) => ({ name, shape: [null, 2], dtype: 'float32' }) as const;
const end = { inputs: [batch('x')], outputs: [batch('double'), batch('square')] } as const;
const applyNamed: Architecture['applyNamed'] = (_, { x }) => ({ double: tf.mul(x!, 2), square: tf.square(x!) });
/** Two functions of one input, of which `apply` gives the first. */
const both: Architecture = {
  name: 'both',
  parameters: [],
  ...end,
  applyNamed,
  apply: (parameters, x) => applyNamed(parameters, { x })['double']!,
};
const one: Architecture = { ...both, name: 'one', outputs: [batch('double')] };
const nameless: Architecture = { name: 'nameless', parameters: [], apply: (_, x) => tf.clone(x) };

describe('ofOutput', () => {
  beforeAll(() => tf.setBackend('cpu')); // another file of this process may have left a backend that has not begun

  it('gives an architecture whose apply gives that output, and frees the others', () => {
    const x = tf.tensor2d([[3, -1]]);
    const before = tf.memory().numTensors;
    const square = ofOutput('f', { ...both, purpose: 'regressor', batchNorms: [] }, 'square');
    const y = square.apply([], x);
    expect([...y.dataSync()]).toEqual([9, 1]);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect([square.outputs?.map(({ name }) => name), square.purpose, square.batchNorms]).toEqual([['square'], 'regressor', []]);
    tf.dispose([x, y]);
  });

  it('gives the same architecture where there is one output, named or not', () => {
    expect(ofOutput('f', one, undefined)).toBe(one);
    expect(ofOutput('f', one, 'double')).toBe(one);
    expect(ofOutput('f', nameless, undefined)).toBe(nameless);
    expect(instanceOfOutput('f', { architecture: one, parameters: [] }, 'double')).toEqual({ architecture: one, parameters: [] });
  });

  it('refuses several outputs without a name, and other names, with those to choose from', () => {
    expect(() => ofOutput('f', both, undefined)).toThrow(
      /f: expected the name of the output .* both has 2, got none; choose one of double, square/,
    );
    expect(() => ofOutput('f', both, 'cube')).toThrow(/f: expected an output of both, got cube; choose one of double, square/);
    expect(() => ofOutput('f', nameless, 'cube')).toThrow(/got cube; its only output has no name: leave output out/);
  });

  it('gives an architecture of several inputs one that takes them side by side, by name, whatever output is compared', () => {
    const sized = (name: string, sides: readonly (number | null)[], dtype: 'float32' | 'int32' = 'float32') => ({ name, shape: [null, ...sides], dtype }); // prettier-ignore
    const inputs = [sized('z', [2]), sized('a', [null, 1], 'int32'), sized('time', [])];
    const seen: string[] = [];
    const two: Architecture = {
      ...both,
      inputs,
      applyNamed(_, { z, a, time }) {
        seen.push(`${a!.dtype} [${a!.shape}] [${time!.shape}]`);
        const sum = tf.add(tf.add(z!, tf.sum(tf.cast(a!, 'float32'), [1])), tf.reshape(time!, [-1, 1]));
        return { double: tf.mul(sum, 2), square: tf.square(sum) };
      },
    };
    const given = {
      z: tf.tensor2d([
        [10, 20],
        [30, 40],
      ]),
      a: tf.tensor3d(
        [
          [[1], [2], [3]],
          [[4], [5], [6]],
        ],
        [2, 3, 1],
        'int32',
      ),
      time: tf.tensor1d([100, 200]), // prettier-ignore
    };
    const rows = joinInputs(two, given);
    expect(rows.arraySync()).toEqual([[1, 2, 3, 100, 10, 20], [4, 5, 6, 200, 30, 40]]); // prettier-ignore
    const before = tf.memory().numTensors;
    const once = ofOutput('f', two, 'double');
    const again = ofOutput('f', once, 'double'); // as measures do of what training made
    const results = [once, again].map((one) => one.apply([], rows));
    for (const y of results) expect(y.arraySync()).toEqual([[232, 252], [490, 510]]); // prettier-ignore
    expect(tf.memory().numTensors).toBe(before + 2);
    expect(seen).toEqual(['int32 [2,3,1] [2]', 'int32 [2,3,1] [2]']);
    const [gradient] = tf.grads((x) => tf.sum(ofOutput('f', two, 'square').apply([], x!)))([rows]);
    expect([...gradient!.dataSync()].slice(4, 6)).toEqual([2 * 116, 2 * 126]); // of z, 2 · sum
    expect(() => once.apply([], tf.zeros([2, 2]))).toThrow(
      /rows of a \[any, 1\], time \[\], z \[2\] side by side, one an example, for both, got \[2,2\]; .* joinInputs/,
    );
    expect(() => joinInputs(two, { z: given.z, a: given.a })).toThrow(/inputs a, time, z for both, got no time/);
    expect(() => joinInputs(two, { ...given, b: rows })).toThrow(/got b, which is none/);
    expect(() => joinInputs(two, { ...given, z: given.time })).toThrow(/expected \[N, 2\] for the input z of both, got \[N, \]/);
    expect(() => joinInputs(two, { ...given, z: tf.zeros([3, 2]) })).toThrow(/expected 2 examples in z, got \[3,2\]/);
    const open: Architecture = { ...two, inputs: [sized('a', [null]), sized('b', [null])] };
    expect(() => joinInputs(open, { a: tf.zeros([1, 2]), b: tf.zeros([1, 3]) })).toThrow(/one size for all that both leaves open, got a \[N, 2\] and b \[N, 3\]/); // prettier-ignore
  });
});
