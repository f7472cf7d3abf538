import type { EvaluatedInstance } from '@netspace/explore';
import { describe, expect, it } from 'vitest';

import { verdictOnClassifiers, verdictOnOutputs, verdictOnShapes, verdictText } from './evaluation-verdict.js';

const healthy = { weightSpread: 0.9, fromStart: 0.8, disagreement: 0.4, targetDisagreement: 0.4, collapsed: false };
const space = { startedFrom: 'instances', normalization: undefined } as const;
const place = { space: 'spaces/one/', zoo: 'my zoo', data: undefined } as const;
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
  ...{ instances: ious.map((iou, i) => shape(`s${i}`, iou)), diversity: healthy, remarks: [], heldOut: undefined, space, place },
});

describe('verdictOnShapes', () => {
  it('calls shapes poor that hardly overlap with their targets, however much they differ from each other', () => {
    const verdict = verdictOnShapes(shapes(0.05, 0.07));
    expect(verdict).toMatchObject({ grade: 'poor', collapsed: false, of: 'all networks', count: 2 });
    const text = verdictText(verdict);
    expect(text).toMatch(
      /^Verdict: poor, by 2 networks\.\n {2}Two networks say little .*\n {2}overlap \(IoU\): 0\.06, poor\..* Good: at least 0\.8\.\nWhat to change next:/,
    );
    expect(text).toContain('"units": "zoo"');
    expect(text).not.toContain('"start"'); // it has one
  });
  it('is good at 0.8, fair at 0.5, and has nothing to change for a good space', () => {
    expect([0.8, 0.79, 0.5, 0.49].map((iou) => verdictOnShapes(shapes(iou)).grade)).toEqual(['good', 'fair', 'fair', 'poor']);
    expect(verdictText(verdictOnShapes(shapes(0.9)))).not.toContain('change');
  });
  it('is by held-out shapes alone if there are enough of both, and says if only the known ones are good', () => {
    const held = new Set(['s0', 's1', 's2', 's3', 's4']);
    const verdict = verdictOnShapes({ ...shapes(0.2, 0.2, 0.2, 0.2, 0.2, 0.9), heldOut: held, trainedOn: 100 });
    expect(verdict).toMatchObject({ grade: 'poor', of: 'held out', count: 5 });
    expect(verdict.change[0]).toMatch(/more networks.* but not new ones/);
    expect(verdict.change.join()).not.toContain('more steps');
    expect(verdictText(verdict)).toMatch(/^Verdict: poor, by 5 held-out networks\./);
  });
  it.each([
    ['fewer than five held-out shapes', ['s0', 's1', 's2', 's3'], 100, 'a verdict on new shapes takes 5 of them or more.'],
    [
      'fewer than a hundred known shapes',
      ['s0', 's1', 's2', 's3', 's4'],
      99,
      'a space places new shapes only if it was trained on hundreds of shapes.',
    ],
  ])('is by known shapes if there are %s, with the figure of new ones apart', (_, held, trainedOn, why) => {
    const verdict = verdictOnShapes({
      ...shapes(0.2, 0.2, 0.2, 0.2, held.length === 4 ? 0.9 : 0.2, 0.9),
      heldOut: new Set(held),
      trainedOn,
    });
    expect(verdict).toMatchObject({ grade: 'good', of: 'trained on', count: 6 - held.length, change: [] });
    const text = verdictText(verdict);
    expect(text).toMatch(/^Verdict: good, by \d networks? that the space was trained on\./);
    expect(text).toContain(`New shapes: overlap (IoU) 0.20, of ${held.length} held-out shapes. It does not decide: ${why}`);
  });
  it('is unclear if no figure has a grade', () => {
    const verdict = verdictOnShapes({ ...shapes(), instances: [{ ...shape('nothing', 1), empty: true }] });
    expect(verdict).toMatchObject({ grade: 'unclear', change: [expect.stringContaining('Evaluate other networks')] });
  });
});

describe('verdictOnClassifiers', () => {
  const good = [network('a', 0.2, 0.01), network('b', 0.5, 0.02), network('c', 0.9, -0.01)];
  const evaluated = { instances: good, diversity: healthy, remarks: [], heldOut: undefined, space, place };

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

  it('says of one network and of two that they say little, and of three nothing', () => {
    const textOf = (count: number) => verdictText(verdictOnClassifiers({ ...evaluated, instances: good.slice(0, count) }));
    expect(textOf(1)).toMatch(
      /by 1 network\.\n {2}One network says little of a space: .*Evaluate more networks, or take it for a first look\.\n/,
    );
    expect(verdictText(verdictOnClassifiers({ ...evaluated, heldOut: new Set(['a']) }))).toMatch(/Hold out more networks/);
    expect(textOf(3)).not.toContain('little');
  });
  it('is not by held-out networks near a guess, and says so', () => {
    const instances = [...good, network('guess', 0.1, 0.5), network('new', 0.5, 0.01)];
    const heldOut = new Set(['guess', 'new']);
    const verdict = verdictOnClassifiers({ ...evaluated, instances, heldOut, nearGuess: new Set(['guess', 'a']) });
    expect(verdict).toMatchObject({ grade: 'good', of: 'held out', count: 1 });
    expect(verdictText(verdict)).toContain('1 held-out network near a guess does not decide: guess. Such networks spoil a space');
    const alone = verdictOnClassifiers({ ...evaluated, instances: [instances[3]!], heldOut, nearGuess: new Set(['guess']) });
    expect(alone).toMatchObject({ grade: 'poor', count: 1 });
    const poor = { ...evaluated, instances: good.map((row) => ({ ...row, predictedAccuracy: row.predictedAccuracy + 0.2 })) };
    const advised = [undefined, ['guess'], ['a']].map((names) => verdictOnClassifiers({ ...poor, nearGuess: names && new Set(names) }).change.join()); // prettier-ignore
    expect(advised.map((lines) => lines.includes('no better than a guess'))).toEqual([true, false, true]);
  });
  it('is unclear on inputs that the networks were not trained on, however good the figures look', () => {
    const remarks = ['The zoo says other accuracies than these inputs give: the median difference is 41.9 points.'];
    const verdict = verdictOnClassifiers({ ...evaluated, remarks });
    expect(verdict).toMatchObject({ grade: 'unclear', change: [expect.stringMatching(/the scaling of the training/)] });
  });

  describe('what to change', () => {
    const off = [...good.map((row) => ({ ...row, predictedAccuracy: row.predictedAccuracy + 0.2 })), network('new', 0.5, 0.3)];
    const record = { config: { zoo: 'old zoo', steps: 1500, data: 'mnist' } };
    const poor = { ...evaluated, instances: off, heldOut: new Set(['new']), place: { ...place, data: 'mnist', record } };
    const linesOf = (more: Partial<Parameters<typeof verdictOnClassifiers>[0]>) =>
      verdictOnClassifiers({ ...poor, ...more }).change.join('\n');

    it('names commands that work: more steps of the config of the run, and a new folder', () => {
      const lines = linesOf({ place: { ...place, record, config: 'my space.jsonc' } });
      expect(lines).toContain("in a new folder: netspace train 'my space.jsonc' --steps 3000 --out spaces/one-more. Not good");
      expect(lines).not.toContain('init space'); // it would propose another config
      expect(linesOf({})).toContain(
        'train FILE --steps 3000 --out spaces/one-more. FILE is the config of this run; spaces/one/run.json says',
      );
      const ownSteps = { ...record.config, learningRate: { kind: 'cosine', learningRate: 1e-3, steps: 1500 } };
      expect(linesOf({ place: { ...place, record: { config: ownSteps } } })).toContain('Its learningRate has steps of its own');
      expect(linesOf({ place: { ...place, data: './d.npz#std=255' } })).toContain("--zoo 'my zoo' --data './d.npz#std=255' --steps N");
      expect(linesOf({ place })).toContain("init space --zoo 'my zoo' --steps N --out"); // no record: it has known networks
      expect(linesOf({ place, instances: off.slice(3) })).toContain('init space --zoo ZOO --steps N --out'); // all held out
      expect(linesOf({ place: { ...place, space: '../../' } })).toContain('train more.jsonc --out space-more');
    });
    it('has refinement first for a space of free embeddings, whose encoder only guesses', () => {
      const free = { ...place, data: 'mnist', record, free: true };
      const [first, ...others] = verdictOnClassifiers({ ...poor, place: free }).change;
      expect(first).toMatch(/^This space was trained with free embeddings: .*\(--refine 300\).* --data mnist --refine 300\. /);
      expect(others.join()).toContain('--steps 3000');
      expect(others.join()).not.toContain('--refine');
      const refined = { instances: off.map((row) => ({ ...row, agreement: 0.98 })) };
      const [conclusion, ...rest] = verdictOnClassifiers({ ...poor, refined, place: { ...free, refine: 100 } }).change;
      expect(conclusion).toMatch(/So refined encodings were judged.* takes agreement from 90\.0 % to 98\.0 %\. 300 steps show more\.$/);
      expect(rest.join()).not.toContain('Refinement');
    });
    it('judges a space of free embeddings by its refined encodings, and no other space', () => {
      const refined = { instances: off.map((row) => ({ ...row, predictedAccuracy: row.targetAccuracy, agreement: 0.98 })) };
      const of = (free: boolean) => verdictOnClassifiers({ ...poor, refined, place: { ...place, free, refine: 300 } });
      expect(of(true)).toMatchObject({ grade: 'good', refined: true, change: [] });
      expect(verdictText(of(true))).toMatch(/^Verdict: good, by \d+ .*, by their refined encodings\./);
      expect(of(false)).toEqual(expect.not.objectContaining({ grade: 'good' }));
      expect(of(false).refined).toBeUndefined();
    });
    it('says which figure of the known networks is not good, and advises no seeds that are there', () => {
      const known = good.map((row) => ({ ...row, agreement: 0.6 }));
      const lines = linesOf({ instances: [...known, off.at(-1)!], diversity: { ...healthy, targetDisagreement: 0.5 }, ownSeeds: true, nearGuess: new Set() }); // prettier-ignore
      expect(lines).toContain('Not good for the networks that it was trained on: agreement (60.0 %).\n');
      expect(lines).not.toContain('seed of its own');
      expect(linesOf({ ownSeeds: false })).toContain('each of a seed of its own, and on none');
      expect(linesOf({ ownSeeds: true })).toContain('Train on no network that is no better than a guess.');
    });
    it('never proposes a run that is too short to show anything', () => {
      const short = { ...place, data: 'mnist', record: { config: { ...record.config, steps: 24 } } };
      expect(linesOf({ place: short })).toContain('--steps 500 --out');
    });
    it('names predictions that are all alike and worse than the start, and advises warm-up', () => {
      const alike = [0.2, 0.5, 0.9].map((target, i) => network(`n${i}`, target, 0.3 + i / 100 - target));
      const run = { ...record, config: { ...record.config, steps: 160, learningRate: { kind: 'cosine', warmUp: 16 } } };
      const verdict = verdictOnClassifiers({ ...evaluated, instances: alike, place: { ...place, record: run } });
      const text = verdictText(verdict);
      expect(text).toContain('All predictions are alike: their accuracies are 30.0 to 32.0 %, those of the targets 20.0 to 90.0 %.');
      expect(verdict.signs).toHaveLength(1); // the best network for all would be (70 + 40 + 0) / 3 points off; these are fewer
      expect(text).toMatch(/1\. Train a space with "units".*\n {2}2\. Warm up over 100 steps: .* This run had 16\./);
      const worse = alike.map((row) => ({ ...row, predictedAccuracy: 0.1 }));
      expect(verdictText(verdictOnClassifiers({ ...evaluated, instances: worse }))).toMatch(
        /The space is worse than its start: .* would be 36\.7 points off on average\. They are 43\.3 points off\./,
      );
      expect(verdictOnClassifiers({ ...poor, instances: off }).signs).toBeUndefined();
    });
    it('refines what was held out, and says what it costs', () => {
      expect(linesOf({})).toContain(
        "evaluate --space spaces/one/ --zoo 'my zoo' --data mnist --refine 100 --instance new. It takes seconds to minutes a network, for 1 held-out network.",
      );
      expect(linesOf({ heldOut: undefined })).toContain('--instance a b c. It takes seconds to minutes a network, for 3 networks.');
    });
    it('concludes nothing of the decoder from a few steps that changed little', () => {
      const lines = linesOf({ refined: { instances: off }, place: { ...place, refine: 10 } });
      expect(lines).toContain(
        'in 10 steps takes agreement from 90.0 % to 90.0 %. So few steps say nothing of the decoder: give --refine 100.',
      );
    });
    it.each([
      [0.955, /from 90\.0 % to 95\.5 %, which is much better: the decoder is good and the encoder is not/],
      [0.93, /which is somewhat better/],
      [0.915, /which is nearly the same: the space does not hold such networks/],
      [0.8, /which is no better: the space does not hold such networks/],
    ])('concludes from an agreement of %d after refinement, of the networks that decide', (agreement, expected) => {
      const refined = { instances: off.map((row) => ({ ...row, agreement: row.name === 'new' ? agreement : 0.1 })) };
      const lines = linesOf({ refined, place: { ...place, refine: 100 } });
      expect(lines).toMatch(expected);
      expect(lines).not.toContain('--refine 100');
    });
  });
});

describe('verdictOnOutputs', () => {
  const row = (name: string, of: { readonly r2?: number | null; readonly psnr?: number | null; readonly iou?: number | null }) => ({
    ...{ name, architecture: 'mlp', classId: 0, predictedClassId: 0, mse: 0.01, r2: null, ...of },
  });
  const gradeOf = (task: 'regression' | 'rgb' | 'occupancy', targetR2: number | null, ...rows: Parameters<typeof row>[1][]) => {
    const instances = rows.map((of, i) => row(`n${i}`, of));
    return verdictOnOutputs({ instances, diversity: healthy, remarks: [], heldOut: undefined, space, place }, { task, targetR2 });
  };
  it.each([
    ['regression', null, { r2: 0.9 }, 'good'],
    ['regression', null, { r2: 0.5 }, 'fair'],
    ['regression', null, { r2: 0.49 }, 'poor'],
    ['regression', 0.9, { r2: 0.94 }, 'fair'], // not half of the way from two targets to 1
    ['regression', 0.9, { r2: 0.89 }, 'poor'], // any other target would do
    ['regression', null, { r2: null }, 'unclear'],
    ['rgb', null, { psnr: 30 }, 'good'],
    ['rgb', null, { psnr: 19 }, 'poor'],
    ['occupancy', null, { iou: 0.8 }, 'good'],
    ['occupancy', null, { iou: 0.6 }, 'fair'],
  ] as const)('grades %s (two targets %d) of %j as %s', (task, between, figures, grade) => {
    expect(gradeOf(task, between, figures, figures, figures).grade).toBe(grade);
  });
  it('names what to change, and what two targets have in common', () => {
    const text = verdictText(gradeOf('regression', 0.25, { r2: 0.1 }, { r2: 0.2 }, { r2: 0.3 }));
    expect(text).toMatch(/^Verdict: poor, by 3 networks\.\n {2}R²: 0\.20, poor\..*from two targets \(0\.25\) to 1\.\nWhat to change next:/);
  });
});
