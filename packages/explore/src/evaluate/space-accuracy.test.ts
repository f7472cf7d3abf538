import { describe, expect, it } from 'vitest';

import { tinyClassifier } from '../testing/spaces.js';
import { accuracyByArchitecture } from './architecture-accuracy.js';
import type { EvaluatedInstance } from './evaluated-instance.js';
import { compareAccuracies } from './space-accuracy.js';

const small = tinyClassifier();
const large = tinyClassifier({ hidden: 5 });
const evaluated = (targetAccuracy: number, predictedAccuracy: number, more: Partial<EvaluatedInstance> = {}): EvaluatedInstance => ({
  ...{ name: 'net', architecture: small.name, classId: 0, predictedClassId: 0, agreement: 0.5 },
  ...{ targetAccuracy, predictedAccuracy, ...more },
});

describe('compareAccuracies', () => {
  it('says how far and in which direction predicted networks are off', () => {
    const comparison = compareAccuracies([evaluated(0.25, 0.5), evaluated(0.5, 0.75), evaluated(1, 0.875)]);
    expect(comparison.spearman).toBeCloseTo(1, 12);
    expect(comparison.difference).toBeCloseTo(0.625 / 3, 12);
    expect(comparison.bias).toBeCloseTo(0.375 / 3, 12);
    expect(comparison.agreement).toBe(0.5);
    expect(comparison.target).toMatchObject({ min: 0.25, median: 0.5, max: 1 });
    expect(comparison.predicted).toMatchObject({ min: 0.5, median: 0.75, max: 0.875 });
  });
});

describe('accuracyByArchitecture', () => {
  it('has a row for each architecture with instances, in order of ClassId', () => {
    const ofLarge = { architecture: large.name, classId: 1 };
    const rows = accuracyByArchitecture({ architectures: [small, large, tinyClassifier({ hidden: 9 })] }, [
      evaluated(0.5, 1, { ...ofLarge, predictedClassId: 1 }),
      evaluated(0.25, 0.5),
      evaluated(1, 0.5, ofLarge),
    ]);
    expect(rows).toEqual([
      { architecture: small.name, parameters: 15, instances: 1, classIdRight: 1, target: 0.25, predicted: 0.5, agreement: 0.5 },
      { architecture: large.name, parameters: 43, instances: 2, classIdRight: 0.5, target: 0.75, predicted: 0.75, agreement: 0.5 },
    ]);
  });
});
