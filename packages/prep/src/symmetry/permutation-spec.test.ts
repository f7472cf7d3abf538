import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import type { Architecture, ParameterSpec } from '../architecture.js';
import { changedInstance, prepSymmetry } from '../permutation/prep-symmetry.js';
import { permutationSpec } from './permutation-spec.js';
import { attentionCases } from './testing/attention-cases.js';
import { convolutionCases } from './testing/convolution-cases.js';
import { joinedCases } from './testing/joined-cases.js';
import { operationCases } from './testing/operation-cases.js';
import { architectureOf, type Case, type Cases, conv, mm, type T } from './testing/permutation-case.js';
import { unitCases } from './testing/unit-cases.js';

/** Networks as people write them, and which of their channels are free. */
const CASES: Cases = { ...unitCases, ...attentionCases, ...convolutionCases, ...operationCases, ...joinedCases };

/** `-` for nothing, `a` for a group, `a·b` row-major, `a+b` one behind the other. */
const short = ({ shape, channels = [] }: ParameterSpec): string =>
  shape
    .map((_, axis) => {
      const found = channels[axis];
      if (found === undefined || typeof found === 'string') return found ?? '-';
      return found.map((piece) => piece.map((factor) => factor.channels ?? factor.size).join('·')).join('+');
    })
    .join();

describeOnRuntimes('permutationSpec', (runtime) => {
  it.each(Object.entries(CASES))('finds what is free: %s', (_, one) => {
    const architecture = architectureOf(one);
    const specs = permutationSpec(architecture, { inputShape: one.input });
    expect(Object.fromEntries(specs.map((spec) => [spec.name.replace('.weight', ''), short(spec)]))).toEqual(one.channels);
    const named = (has: (spec: ParameterSpec) => boolean): string => specs.filter(has).map(({ name }) => name.replace('.weight', '')).join(' '); // prettier-ignore
    if (one.signs !== undefined) expect(named(({ signs }) => signs !== undefined)).toBe(one.signs);
    expect(named(({ period }) => period !== undefined)).toBe(one.periods ?? '');
  });
  it.each(Object.entries(CASES))('finds what leaves outputs as they are: %s', (_, one) => {
    const bare = architectureOf(one);
    const architecture = { ...bare, parameters: permutationSpec(bare, { inputShape: one.input }) };
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat({ max: 999 })), (numbers) =>
        tf.tidy(() => {
          const next = (): number => numbers.next().value as number;
          const parameters = architecture.parameters.map(({ shape }, i) => tf.randomNormal([...shape], 0, 0.7, 'float32', i + 1));
          const x = tf.randomUniform([...one.input], 0, 6, 'float32', 9);
          const change = prepSymmetry(architecture, {
            order: (_name, count) => Array.from({ length: count }, (_place, i) => [next(), i] as const).sort(([a], [b]) => a - b).map(([, i]) => i),
            signs: (_name, count) => Array.from({ length: count }, () => (next() < 500 ? 1 : -1)),
            turns: (_name, count) => Array.from({ length: count }, () => (next() % 3) - 1),
          }); // prettier-ignore
          const changed = changedInstance({ architecture, parameters }, change);
          const before = architecture.apply(parameters, x).dataSync();
          expectClose(architecture.apply(changed.parameters, x).dataSync(), before, one.periods === undefined ? 1e-5 : 1e-4);
        }),
      ),
      { numRuns: runtime === 'cpu' ? 3 : 8 },
    );
  });
  it('finds what is free in convolutions of groups and with channels in front, which not every backend runs', () => {
    const found = (shapes: Case['shapes'], input: readonly number[], apply: Case['apply']) =>
      permutationSpec(architectureOf({ shapes, input, apply, channels: {} }), { inputShape: input }).map(short);
    const groups = { a: [1, 1, 2, 6], b: [3, 3, 3, 4], c: [1, 1, 4, 2] };
    const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: 1 };
    const grouped = (y: T, filter: T): T => tf.engine().runKernel('Conv2D', { x: y, filter }, attributes);
    const inGroups = found(groups, [2, 4, 4, 2], ({ a, b, c }, x) => conv(tf.relu(grouped(conv(x, a!), b!)), c!));
    expect(inGroups).toEqual(['-,-,-,a·a.2', '-,-,a.2,a·b', '-,-,a·b,-']);
    const inFront = found({ a: [1, 1, 2, 6], b: [1, 1, 6, 2] }, [2, 2, 4, 4], ({ a, b }, x) =>
      [a, b].reduce<T>((y, w) => tf.relu(tf.conv2d(y as tf.Tensor4D, w as tf.Tensor4D, 1, 'same', 'NCHW')), x),
    );
    expect(inFront).toEqual(['-,-,-,a', '-,-,a,-']);
  });
  it('writes the rows behind a flattened convolution channel by channel, as the PRep has them', () => {
    const flattened = [
      {
        axis: 0,
        parts: [
          [3, 4],
          [2, 1],
        ],
      },
    ] as const; // four pixels of three channels, then two rows of their own
    const parameters = [
      { name: 'a.weight', shape: [1, 1, 2, 3] },
      { name: 'b.weight', shape: [14, 5], flattened },
      { name: 'c.weight', shape: [5, 2] },
    ];
    const rows = (joined: boolean): Architecture => ({
      name: 'case',
      parameters,
      apply: ([a, b, c], x) => {
        const y = tf.reshape(tf.relu(conv(x, a!)), [2, 12]);
        const all = tf.concat([y, tf.ones([2, 2])], 1);
        return mm(tf.relu(mm(joined ? all : tf.reverse(all, 1), b!)), c!);
      },
    });
    expect(permutationSpec(rows(true), { inputShape: [2, 2, 2, 2] }).map(short)).toEqual(['-,-,-,a', 'a·4+b,b.2', 'b.2,-']);
    expect(permutationSpec(rows(false), { inputShape: [2, 2, 2, 2] }).map(short)).toEqual(['-,-,-,-', '-,b', 'b,-']);
  });
  it('leaves nothing behind: no tensor, no kernel, no gradient, whether it ends well or not', () => {
    const architecture = architectureOf(CASES['a transformer block']!);
    const engine = tf.engine();
    expectNoLeak(() => void permutationSpec(architecture, { inputShape: [2, 5] }));
    expect(Object.hasOwn(engine, 'runKernel')).toBe(false);
    expect(() => permutationSpec(architecture, { inputShape: [2, 5, 5] })).toThrow();
    expect(Object.hasOwn(engine, 'runKernel')).toBe(false);
    // In the middle of a gradient, which must not see it.
    const gradient = tf.grad((x) => {
      permutationSpec(architecture, { inputShape: [2, 5] });
      return tf.square(x);
    })(tf.scalar(3));
    expect(gradient.dataSync()[0]).toBe(6);
  });
  it('refuses what is no shape, and says what is one', () => {
    const architecture = architectureOf(CASES['residual stream']!);
    expect(() => permutationSpec(architecture, { inputShape: [0, 3] })).toThrow(/permutationSpec: expected inputShape to be the shape of a batch/);
    expect(() => permutationSpec(architecture, {} as never)).toThrow(/inputShape/);
    expect(() => permutationSpec({} as never, { inputShape: [1] })).toThrow(/an architecture/);
    const later = { ...architecture, apply: () => Promise.resolve() as never };
    expect(() => permutationSpec(later, { inputShape: [2, 3] })).toThrow(/expected apply of case to return a tensor/);
  }); // prettier-ignore
});
