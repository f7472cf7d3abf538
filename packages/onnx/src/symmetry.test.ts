import '@tensorflow/tfjs';
import { disposeInstances, permutationSpec, prepSymmetry } from '@netspace/prep';
import { changedInstance } from '@netspace/prep/internal';
import { type FixtureModel, fixtureBytes, fixtureInput, fixtureModels } from '@netspace/testing/onnx-fixtures';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { architectureFromOnnx } from './architecture-from-onnx.js';
import { instanceFromOnnx } from './instance-from-onnx.js';

const options = { softmax: 'values', layout: 'as-exported' } as const;

/** Networks without hidden channels, or whose channels are in the order of their inputs. */
const FIXED = ['activations', 'highway', 'written-out'];

describe.each(fixtureModels)('$name', ({ name, files, inputs, constants = [] }: FixtureModel) => {
  it('does the same after a change of orders, signs and phases', () => {
    const bytes = fixtureBytes(files[0]!);
    const architecture = architectureFromOnnx(bytes, { ...options, constants });
    const instance = instanceFromOnnx(architecture, bytes);
    const given = Object.fromEntries(architecture.inputs!.map((input, i) => [input.name, fixtureInput(inputs[i]!, i)]));
    const outputsOf = (parameters: readonly tf.Tensor[]): Float32Array[] =>
      tf.tidy(() => Object.values(architecture.applyNamed!(parameters, given)).map((tensor) => tensor.dataSync<'float32'>()));
    const before = outputsOf(instance.parameters);
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(0xffff)), (stream) => {
        const random = (below: number): number => (stream.next().value as number) % below;
        const shuffled = (count: number): number[] => {
          const order = [...Array(count).keys()];
          for (let i = count - 1; i > 0; i--) {
            const j = random(i + 1);
            [order[i], order[j]] = [order[j]!, order[i]!];
          }
          return order;
        };
        const change = prepSymmetry(architecture, {
          order: (_, count) => shuffled(count),
          signs: (_, count) => Array.from({ length: count }, () => (random(2) === 0 ? 1 : -1)),
          turns: (_, count) => Array.from({ length: count }, () => random(3) - 1),
        });
        const changed = changedInstance(instance, change);
        outputsOf(changed.parameters).forEach((values, i) => {
          const size = Math.max(1, ...before[i]!.map(Math.abs));
          const worst = Math.max(...values.map((value, at) => Math.abs(value - before[i]![at]!)));
          expect(worst / size).toBeLessThan(1e-5);
        });
        disposeInstances([changed]);
      }),
      { numRuns: 3 },
    );
    const inputShape = inputs[0]!.shape;
    if (inputs.length > 1) expect(() => permutationSpec(architecture, { inputShape })).toThrow(/expected a network of one input, got 2/);
    const reversed = prepSymmetry(architecture, { order: (_, count) => [...Array(count).keys()].reverse() });
    expect(reversed.source.some((from, to) => from !== to)).toBe(!FIXED.includes(name));
    disposeInstances([instance]);
    tf.dispose(given);
  });
});
