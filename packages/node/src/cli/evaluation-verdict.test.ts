import type { EvaluatedInstance } from '@netspace/explore';
import { describe, expect, it } from 'vitest';

import { verdictOnClassifiers, verdictOnShapes, verdictText } from './evaluation-verdict.js';

const healthy = { weightSpread: 0.9, fromStart: 0.8, disagreement: 0.4, targetDisagreement: 0.4, collapsed: false };
const space = { startedFrom: 'instances', normalization: undefined } as const;
const shape = (name: string, iou: number) => ({
  name,
  architecture: 'siren',
  classId: 0,
  predictedClassId: 0,
  mse: 1e-3,
  iou,
  empty: false,
});
const network = (name: string, targetAccuracy: number, off: number): EvaluatedInstance => ({
  ...{ name, architecture: 'lenet', classId: 0, predictedClassId: 0 },
  ...{ targetAccuracy, predictedAccuracy: targetAccuracy + off, agreement: 0.9 },
});
const shapes = (...ious: readonly number[]) => ({
  ...{ instances: ious.map((iou, i) => shape(`s${i}`, iou)), diversity: healthy, remarks: [], heldOut: undefined, space },
});

describe('verdictOnShapes', () => {
  it('calls shapes poor that hardly overlap with their targets, however much they differ from each other', () => {
    const verdict = verdictOnShapes(shapes(0.05, 0.07));
    expect(verdict).toMatchObject({ grade: 'poor', collapsed: false, of: 'all networks', count: 2 });
    const text = verdictText(verdict);
    expect(text).toMatch(
      /^Verdict: poor, by 2 networks\.\n {2}overlap \(IoU\): 0\.06, poor\..* Good: at least 0\.8\.\nWhat to change next:/,
    );
    expect(text).toContain('"units": "zoo"');
    expect(text).not.toContain('"start"'); // it has one
  });
  it('is good at 0.8, fair at 0.5, and has nothing to change for a good space', () => {
    expect([0.8, 0.79, 0.5, 0.49].map((iou) => verdictOnShapes(shapes(iou)).grade)).toEqual(['good', 'fair', 'fair', 'poor']);
    expect(verdictText(verdictOnShapes(shapes(0.9)))).not.toContain('change');
  });
  it('is by held-out shapes alone, and says if only the known ones are good', () => {
    const verdict = verdictOnShapes({ ...shapes(0.9, 0.9, 0.2), heldOut: new Set(['s2']) });
    expect(verdict).toMatchObject({ grade: 'poor', of: 'held out', count: 1 });
    expect(verdict.change[0]).toMatch(/more networks.* but not new ones/);
    expect(verdictText(verdict)).toMatch(/^Verdict: poor, by 1 held-out network\./);
  });
});

describe('verdictOnClassifiers', () => {
  const good = [network('a', 0.2, 0.01), network('b', 0.5, 0.02), network('c', 0.9, -0.01)];
  const evaluated = { instances: good, diversity: healthy, remarks: [], heldOut: undefined, space };

  it('is that of the worst figure', () => {
    expect(verdictOnClassifiers(evaluated).grade).toBe('good');
    const off = good.map((row) => ({ ...row, predictedAccuracy: row.predictedAccuracy + 0.2 }));
    expect(verdictOnClassifiers({ ...evaluated, instances: off })).toMatchObject({ grade: 'poor', count: 3 });
  });
  it('is poor for a collapsed space, whatever the figures', () => {
    const verdict = verdictOnClassifiers({ ...evaluated, diversity: { ...healthy, weightSpread: 0, collapsed: true } });
    expect(verdict.grade).toBe('poor');
    expect(verdictText(verdict)).toMatch(/^Verdict: poor, by 3 networks; the space is collapsed\./);
  });
});
