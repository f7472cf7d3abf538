import { summarize } from '@netspace/explore';
import { describe, expect, it } from 'vitest';

import { type Answers, orderSpread } from './order-spread.js';
import { sideBySide } from './side-by-side.js';

const times = { before: 2, after: 1, encodeSeconds: 0.5, refineSeconds: 3 };

describe('sideBySide', () => {
  it('has means, architectures and networks of classifiers, encodings beside refined ones', () => {
    const network = (name: string, architecture: string, predictedAccuracy: number) => ({
      ...{ name, architecture, classId: 0, predictedClassId: 0, targetAccuracy: 0.5, predictedAccuracy, agreement: predictedAccuracy / 2 },
    });
    const instances = [network('a', 'small', 0.25), network('b', 'large', 0.75)];
    const better = [network('a', 'small', 0.5), network('b', 'large', 0.5)].map((one) => ({ ...one, ...times }));
    const { summary, architectures, instances: rows } = sideBySide({ instances, refined: { instances: better, summary: summarize(better) } });
    expect(summary).toEqual([
      { mean: 'difference', encodings: 0.25, refined: 0 },
      { mean: 'spearman', encodings: 0, refined: 0 },
      { mean: 'agreement', encodings: 0.25, refined: 0.25 },
      { mean: 'seconds a network', encodings: 0.5, refined: 3 },
    ]);
    expect(architectures[1]).toMatchObject({ architecture: 'large', networks: 1, agreement: 0.375, 'agreement, refined': 0.25, 'difference, refined': 0 });
    expect(rows[0]).toEqual({ name: 'a', target: 0.5, predicted: 0.25, 'predicted, refined': 0.5, agreement: 0.125, 'agreement, refined': 0.25 });
  });
  it('has means and shapes', () => {
    const shape = (iou: number, mse: number) => ({ name: 'chair', iou, mse });
    const evaluation = { instances: [shape(0.25, 4)], refined: { instances: [{ ...shape(0.75, 1), ...times }] } };
    expect(sideBySide(evaluation)).toEqual({
      summary: [
        { mean: 'iou', encodings: 0.25, refined: 0.75 },
        { mean: 'mse', encodings: 4, refined: 1 },
        { mean: 'seconds a network', encodings: 0.5, refined: 3 },
      ],
      architectures: [],
      instances: [{ name: 'chair', iou: 0.25, 'iou, refined': 0.75, mse: 4, 'mse, refined': 1 }],
    });
  });
});

describe('orderSpread', () => {
  const IMAGES = 400;
  /** Right for the first images, as many as its accuracy says, in an order of its own: the stride has no factor of 400. */
  const right = (accuracy: number, stride: number): Uint8Array =>
    Uint8Array.from({ length: IMAGES }, (_, i) => Number((i * stride) % IMAGES < accuracy * IMAGES));
  const of = (...accuracies: readonly (readonly [target: number, predicted: number])[]): readonly Answers[] =>
    accuracies.map(([target, predicted], i) => ({ target: right(target, 3 ** (i + 1)), predicted: right(predicted, 11) }));

  it('is sure of networks that lie far apart', () => {
    const spread = orderSpread(of([0.1, 0.2], [0.5, 0.5], [0.9, 0.75]), { draws: 100 });
    expect(spread).toMatchObject({ networks: 3, images: IMAGES, least: 0.1, greatest: 0.9, spearman: 1, ceiling: 1, overImages: [1, 1] });
    expect(spread.standardError).toBeCloseTo((0.015 + 0.025 + 0.015) / 3, 6); // √(p (1 - p) / 400)
    expect(spread.difference).toBeCloseTo((0.1 + 0 + 0.15) / 3, 6);
  });
  it('says of networks that lie within their errors that nobody can know their order', () => {
    const close = of(...Array.from({ length: 12 }, (_, i) => [0.5 + i / IMAGES, 0.5 + i / IMAGES] as const));
    const { spearman, ceiling, overImages } = orderSpread(close, { draws: 100 });
    expect(spearman).toBeCloseTo(1, 12);
    expect(ceiling).toBeLessThan(0.7);
    expect(overImages[0]).toBeLessThan(0.7);
  });
  it('says that few networks may be in order by luck', () => {
    const [low, high] = orderSpread(of([0.1, 0.3], [0.3, 0.2], [0.5, 0.6], [0.7, 0.5], [0.9, 0.9]), { draws: 200 }).overNetworks;
    expect(low).toBeLessThan(0.5);
    expect(high).toBe(1);
  });
});
