import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import type { Architecture } from '../architecture.js';
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

  it('leaves several inputs to the architecture, which says what it wants', () => {
    const two: Architecture = { ...both, inputs: [batch('x'), batch('z')], apply: () => { throw new Error('it has two inputs'); } }; // prettier-ignore
    expect(() => ofOutput('f', two, 'square').apply([], tf.scalar(1))).toThrow('it has two inputs');
  });
});
