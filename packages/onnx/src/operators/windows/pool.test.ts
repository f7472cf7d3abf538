import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { budgetOf, ONNX_LIMITS } from '../../limits.js';
import type { AttributeProto } from '../../proto/messages.js';
import { plain, tensorOf, type Value } from '../../run/value.js';
import { operatorOf } from '../table.js';

const attribute = (name: string, value: number | readonly number[]): AttributeProto =>
  ({ name, floats: [], strings: [], ...(typeof value === 'number' ? { i: value, ints: [] } : { ints: value }) }); // prettier-ignore

function pooled(operator: string, x: tf.Tensor, attributes: Readonly<Record<string, number | readonly number[]>>): tf.Tensor {
  const given = Object.entries(attributes).map(([name, value]) => attribute(name, value));
  const node = { name: 'pool', operator, domain: '', inputs: ['x'], outputs: ['y'], attributes: given };
  return tensorOf(operatorOf(node)!({ node, opset: 22, inputs: [plain(x)], budget: budgetOf(ONNX_LIMITS) }) as Value);
}

const image = (values: readonly number[]): tf.Tensor => tf.tensor([...values], [1, 1, values.length]);

describe('pools', () => {
  it('GlobalLpPool is the p-norm over the pixels: of 3 and 4 it is 5 with p = 2, and 7 with p = 1', () => {
    expect([...pooled('GlobalLpPool', image([3, -4]), {}).dataSync()][0]).toBeCloseTo(5, 5);
    expect([...pooled('GlobalLpPool', image([3, -4]), { p: 1 }).dataSync()]).toEqual([7]);
  });

  it('a window with gaps passes its gradient to the places that it sees', () => {
    const [x, window] = [image([5, 1, 2, 4, 3]), { kernel_shape: [2], dilations: [2] }];
    expect([...pooled('AveragePool', x, window).dataSync()]).toEqual([3.5, 2.5, 2.5]);
    expect([
      ...tf
        .grad((t) => pooled('AveragePool', t, window))(x)
        .dataSync(),
    ]).toEqual([0.5, 0.5, 1, 0.5, 0.5]);
    expect([...pooled('MaxPool', x, window).dataSync()]).toEqual([5, 4, 3]);
    expect([
      ...tf
        .grad((t) => pooled('MaxPool', t, window))(x)
        .dataSync(),
    ]).toEqual([1, 0, 0, 1, 1]);
  });

  it('count what a file makes large before it takes memory', () => {
    const far = 2 ** 30;
    const limit = /at most 67108864 valueSize, got \d+; raise limits\.valueSize/;
    expect(() => pooled('AveragePool', image([1, 2]), { kernel_shape: [2], pads: [far, 0] })).toThrow(limit);
    expect(() => pooled('MaxPool', image([1, 2]), { kernel_shape: [1], strides: [far] })).toThrow(limit);
    expect(() => pooled('Pad', tf.zeros([0, 1]), { pads: [0, 0, 0, far] })).toThrow(limit); // of no numbers, but of many places
    expect(() => pooled('DepthToSpace', tf.zeros([1, 3, 2, 2]), { blocksize: 2 })).toThrow(/\[1,3,2,2\] is no \[1,2,2,0\.75,2,2\]/);
  });
});
