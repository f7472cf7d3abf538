import { describe, expect, it } from 'vitest';

import { tinyClassifier } from '../../testing/spaces.js';
import { accuracyByArchitecture } from './architecture-accuracy.js';
import type { EvaluatedInstance } from '../evaluated-instance.js';
import { verdictOf } from '../../verdict/verdict-of.js';
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

describe('verdictOf', () => {
  const diversity = { weightSpread: 0.9, fromStart: 0.8, disagreement: 0.4, targetDisagreement: 0.4, collapsed: false };
  const network = (name: string, target: number, off: number) => evaluated(target, target + off, { name, agreement: 0.9 });
  const known = [network('a', 0.2, 0.01), network('b', 0.5, 0.02), network('c', 0.9, -0.03)];
  const found = { instances: known, diversity, remarks: [] };

  it('is good if every figure is: 2 points, the same order, and more than half of the way from two targets to 100 %', () => {
    const { grade, of, count, figures } = verdictOf(found);
    expect({ grade, of, count }).toEqual({ grade: 'good', of: 'all networks', count: 3 });
    expect(figures.map(({ value, verdict }) => [value, verdict])).toEqual([
      ['2.0 points', 'good'],
      ['1.00', 'good'],
      ['90.0 %', 'good'],
    ]);
    expect(figures[2]!.note).toContain('agree on 60.0 %: good is half of the way');
  });
  it('is by held-out networks alone, of which two have no order', () => {
    const instances = [...known, network('d', 0.5, 0.06), network('e', 0.4, 0.06)];
    const { figures, ...verdict } = verdictOf({ ...found, instances }, { heldOut: ['d', 'e', 'of another evaluation'] });
    expect(verdict).toEqual({ grade: 'fair', collapsed: false, otherInputs: false, of: 'held out', count: 2 });
    expect(figures[1]).toEqual({ label: 'order kept (Spearman)', value: '–', note: 'It means nothing here: it needs three networks.' });
  });
  it('is poor for a collapsed space, and unclear on inputs that are not those of the networks', () => {
    expect(verdictOf({ ...found, diversity: { ...diversity, collapsed: true } }).grade).toBe('poor');
    expect(verdictOf({ ...found, remarks: ['The zoo says other accuracies than these images give: …'] }).grade).toBe('unclear');
  });
  it('says of NaN that it is not a number, and refuses rows that it does not know', () => {
    const { grade, figures } = verdictOf({ ...found, instances: [...known, evaluated(0.5, NaN, { name: 'd', agreement: NaN })] });
    expect([grade, figures[0]!.value, figures[2]!.value]).toEqual(['poor', 'not a number', 'not a number']);
    // @ts-expect-error types refuse rows of other kinds without figures; JavaScript does not see them
    expect(() => verdictOf({ ...found, instances: [{ name: 'd', off: 3 }] })).toThrow(
      /expected rows of evaluateSpace or evaluateOutputs, got others/,
    );
  });
  it('is by figures of one’s own, and by known networks if too few were held out', () => {
    const figures = (rows: readonly { readonly off: number }[]) => [{ label: 'off', value: String(rows.length), note: '', verdict: 'fair' as const }]; // prettier-ignore
    const instances = ['x', 'y', 'z'].map((name, off) => ({ name, off }));
    const verdict = verdictOf({ ...found, instances }, { heldOut: ['x'], enough: { heldOut: 2, known: 0 }, figures });
    expect(verdict).toMatchObject({ grade: 'fair', of: 'trained on', count: 2, figures: [{ value: '2' }] });
  });
});
