import { summarize } from '@netspace/explore';
import { describe, expect, it } from 'vitest';

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
