import { type EvaluatedInstance, type SpaceEvaluation, summarize } from '@netspace/explore';
import { describe, expect, it } from 'vitest';

import { summarizeShapes } from './evaluate-shapes.js';
import { evaluationText, shapesText } from './evaluation-text.js';

const row = (name: string, targetAccuracy: number, predictedAccuracy: number): EvaluatedInstance => ({
  ...{ name, architecture: 'lenet', classId: 0, predictedClassId: 0 },
  ...{ targetAccuracy, predictedAccuracy, agreement: 0.5 },
});
const instances = [row('a', 0.25, 0.25), row('b', 0.5, 0.75), row('c', 0.625, 0.5), row('d', 0.75, 0.875)];
const diversity = { weightSpread: 0.9, fromStart: 0.8, disagreement: 0.1, targetDisagreement: 0.2, collapsed: false };
const evaluation: SpaceEvaluation = { instances, summary: summarize(instances), diversity, remarks: ['A remark.'] };
const heldOut = (...names: readonly string[]) => ({
  names: new Set(names),
  summary: names.length === 0 ? undefined : summarize(instances.filter(({ name }) => names.includes(name))),
});
const cells = (text: string, start: string) =>
  text
    .split('\n')
    .find((line) => line.startsWith(start))
    ?.split(/ {2,}/);

describe('evaluationText', () => {
  it('has held-out networks first and marked, and their summary beside that of all, with bias and Spearman', () => {
    const text = evaluationText(evaluation, heldOut('b', 'c', 'd'));
    const lines = text.split('\n');
    const columns = ['name', 'held out', 'ClassId', 'predicted ClassId', 'target accuracy', 'predicted accuracy', 'agreement'];
    expect(lines[0]!.split(/ {2,}/)).toEqual(columns);
    expect(lines.slice(1, 5).map((line) => line.split(/ +/).slice(0, 2).join(' '))).toEqual(['b yes', 'c yes', 'd yes', 'a no']);
    expect(cells(text, 'summary')).toEqual(['summary', 'held out', 'all networks']);
    expect(cells(text, 'networks')).toEqual(['networks', '3', '4']);
    expect(cells(text, 'mean difference')).toEqual(['mean difference', '0.167', '0.125']);
    expect(cells(text, 'bias')).toEqual(['bias', '0.083', '0.063']);
    expect(cells(text, 'Spearman')).toEqual(['Spearman', '0.500', '0.800']);
    expect(text).toMatch(/A remark\.$/);
  });
  it('has a summary of the networks that it was trained on, if others were held out', () => {
    const [held, known] = [summarize(instances.slice(1)), summarize(instances.slice(0, 1))];
    const text = evaluationText(evaluation, { names: new Set(['b', 'c', 'd']), summary: held, known });
    expect(cells(text, 'summary')).toEqual(['summary', 'held out', 'trained on', 'all networks']);
    expect(cells(text, 'mean difference')).toEqual(['mean difference', '0.167', '0', '0.125']);
  });
  it('has refined encodings beside encodings, of held-out networks and of all, and the time', () => {
    const refined = instances.map((one) => ({ ...one, predictedAccuracy: one.targetAccuracy, agreement: 0.75, before: 2, after: 1, encodeSeconds: 0.01, refineSeconds: 4 })); // prettier-ignore
    const names = ['b', 'c', 'd'];
    const { names: held, summary } = heldOut(...names);
    const both = { ...summary!, refined: summarize(refined.filter(({ name }) => names.includes(name))) };
    const text = evaluationText(
      { ...evaluation, refined: { instances: refined, summary: summarize(refined) } },
      { names: held, summary: both },
    );
    expect(cells(text, 'b')!.slice(-3)).toEqual(['0.500', '0.500', '0.750']);
    expect(cells(text, 'summary')).toEqual(['summary', 'held out', 'held out, refined', 'all networks', 'all networks, refined']);
    expect(cells(text, 'mean difference')).toEqual(['mean difference', '0.167', '0', '0.125', '0']);
    expect(cells(text, 'agreement')).toEqual(['agreement', '0.500', '0.750', '0.500', '0.750']);
    expect(text).toContain('A network takes 0.010 seconds to encode and decode, 4.0 seconds with refinement, mean of 4.');
  });
  it('says that two held-out networks have no order to speak of, and that none, or no record, is a reason for doubt', () => {
    expect(evaluationText(evaluation, heldOut('b', 'c'))).toMatch(/mean nothing: they need three networks, and there are 2/);
    expect(evaluationText(evaluation, heldOut())).toContain('None of these networks was held out.');
    const unknown = evaluationText(evaluation, { names: undefined, summary: undefined });
    expect(unknown).toContain('is not recorded');
    expect(unknown.split('\n')[0]).not.toContain('held out');
  });
});

describe('shapesText', () => {
  const shape = (name: string, iou: number) => ({
    name,
    architecture: 'siren',
    classId: 0,
    predictedClassId: 0,
    mse: iou / 100,
    iou,
    empty: false,
  });
  const shapes = [shape('stool', 0.5), shape('bench', 0.25), shape('sofa', 0.75)];
  const result = { instances: shapes, summary: summarizeShapes(shapes), diversity, remarks: ['A remark.'] };

  it('has held-out shapes first and marked, and their mean beside that of all', () => {
    const held = shapes.filter(({ name }) => name === 'bench');
    const known = summarizeShapes(shapes.filter(({ name }) => name !== 'bench'));
    const text = shapesText(result, { names: new Set(['bench']), summary: summarizeShapes(held), known });
    expect(text.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['name', 'held out', 'MSE', 'IoU'],
      ['bench', 'yes', '2.50e-3', '0.250'],
      ['stool', 'no', '5.00e-3', '0.500'],
      ['sofa', 'no', '7.50e-3', '0.750'],
      ['mean of those held out', 'yes', '2.50e-3', '0.250'],
      ['mean of those trained on', 'no', '6.25e-3', '0.625'],
      ['mean of all', '5.00e-3', '0.500'],
      [''],
      ['diversity of all networks', 'what is usual'],
      [
        'weight spread, predicted / targets',
        '0.900',
        'up to 1 more is better: 0.36 in the shipped digits, 0.16 in the chairs; below 0.01 is collapsed',
      ],
      [
        'distance from start, predicted / targets',
        '0.800',
        'up to 1 more is better: 0.41 in the shipped digits, 0.43 in the chairs; near 0 is collapsed, above 1 astray',
      ],
      ['images on which two predicted networks disagree', '0.100', 'near that of two targets'],
      ['images on which two targets disagree', '0.200'],
      [''],
      ['A remark.'],
    ]);
  });
  it('says what refinement lowers, and why the MSE may rise beside it', () => {
    const refinedTo = (mse: number) => {
      const rows = shapes.map((row) => ({ ...row, mse, before: 0.02, after: 0.005, encodeSeconds: 1, refineSeconds: 9 }));
      return shapesText({ ...result, refined: { instances: rows, summary: summarizeShapes(rows) } });
    };
    const lowered =
      'Refinement lowers the difference of distances up to 0.1, most of it near the surface: 0.0200 before, 0.00500 after, mean of 3.';
    expect(refinedTo(1)).toContain(`${lowered} The MSE has risen: it counts all distances`);
    expect(refinedTo(0)).toContain(lowered);
    expect(refinedTo(0)).not.toContain('risen');
    expect(shapesText(result)).not.toContain('lowers');
  });
  it('says if none was held out, and nothing of it where that is not recorded', () => {
    expect(shapesText(result, { names: new Set(), summary: undefined })).toContain('None of these networks was held out.');
    expect(shapesText(result)).not.toContain('held out');
  });
});
