import { type Diversity, NETWORKS_FOR_ORDER, type RefinedInstance, type SpaceEvaluation, type SpaceSummary } from '@netspace/explore';

import { SDF_CLIP, type ShapesEvaluation, type ShapeSummary } from './evaluate-shapes.js';

import { textTable } from '../output/text-table.js';

/** What a summary's numbers are called, as on the page "Is my space any good?". */
const MEASURES: readonly (readonly [string, (summary: SpaceSummary) => number | null])[] = [
  ['networks', ({ count }) => count],
  ['target accuracy, mean', ({ meanTargetAccuracy }) => meanTargetAccuracy],
  ['predicted accuracy, mean', ({ meanPredictedAccuracy }) => meanPredictedAccuracy],
  ['mean difference', ({ meanAccuracyDifference }) => meanAccuracyDifference],
  ['bias', ({ bias }) => bias],
  ['Spearman', ({ count, spearman }) => (count < NETWORKS_FOR_ORDER ? null : spearman)],
  ['correlation', ({ count, accuracyCorrelation }) => (count < NETWORKS_FOR_ORDER ? null : accuracyCorrelation)],
  ['agreement', ({ meanAgreement }) => meanAgreement],
  ['ClassId accuracy', ({ classIdAccuracy }) => classIdAccuracy],
];

/** Which networks the run did not train on, undefined where it has left no word, and the summary of them alone. */
export interface HeldOutEvaluation {
  readonly names: ReadonlySet<string> | undefined;
  readonly summary: (SpaceSummary & { readonly refined?: SpaceSummary }) | undefined;
  /** The summary of those that the space was trained on, if others were held out. */
  readonly known?: HeldOutEvaluation['summary'];
}

/** An evaluation for the reader: held-out networks first, their summary beside that of all, refined encodings beside encodings. */
export function evaluationText(
  { instances, summary, diversity, remarks, refined }: SpaceEvaluation,
  { names, summary: heldOut, known }: HeldOutEvaluation,
): string {
  const isHeldOut = ({ name }: { readonly name: string }): boolean => names?.has(name) === true;
  const refinedOf = new Map(refined?.instances.map((row) => [row.name, row]));
  const rows = [...instances.filter(isHeldOut), ...instances.filter((row) => !isHeldOut(row))].map((row) => {
    const better = refinedOf.get(row.name);
    return [
      row.name,
      ...(names === undefined ? [] : [isHeldOut(row) ? 'yes' : 'no']),
      ...[row.classId, row.predictedClassId, row.targetAccuracy, row.predictedAccuracy, row.agreement],
      ...(better === undefined ? [] : [better.predictedAccuracy, better.agreement]),
    ];
  });
  const header = ['name', ...(names === undefined ? [] : ['held out']), 'ClassId', 'predicted ClassId', 'target accuracy', 'predicted accuracy', 'agreement', ...(refined === undefined ? [] : ['refined accuracy', 'refined agreement'])]; // prettier-ignore
  const columns = [
    ...(heldOut === undefined ? [] : [['held out', heldOut] as const]),
    ...(heldOut?.refined === undefined ? [] : [['held out, refined', heldOut.refined] as const]),
    ...(known === undefined ? [] : [['trained on', known] as const]),
    ...(known?.refined === undefined ? [] : [['trained on, refined', known.refined] as const]),
    ['all networks', summary] as const,
    ...(refined === undefined ? [] : [['all networks, refined', refined.summary] as const]),
  ];
  return [
    textTable(header, rows),
    textTable(
      ['summary', ...columns.map(([name]) => name)],
      MEASURES.map(([label, of]) => [label, ...columns.map(([, one]) => of(one))]),
    ),
    diversityText(diversity),
    ...timesOf(refined?.instances),
    ...heldOutRemarks(names, heldOut),
    ...remarks,
  ].join('\n\n');
}

/** Whether the space tells networks apart, and what is usual for the figures of one that does. */
function diversityText({ weightSpread, fromStart, disagreement, targetDisagreement }: Diversity): string {
  const rows = [
    [
      'weight spread, predicted / targets',
      weightSpread,
      'up to 1 more is better: 0.36 in the shipped digits, 0.16 in the chairs; below 0.01 is collapsed',
    ],
    [
      'distance from start, predicted / targets',
      fromStart,
      'up to 1 more is better: 0.41 in the shipped digits, 0.43 in the chairs; near 0 is collapsed, above 1 astray',
    ],
    ...(targetDisagreement === null
      ? []
      : [
          ['images on which two predicted networks disagree', disagreement, 'near that of two targets'] as const,
          ['images on which two targets disagree', targetDisagreement, ''] as const,
        ]),
  ] as const;
  return textTable(['diversity of all networks', '', 'what is usual'], rows);
}

/** Which shapes the run did not train on, undefined where it has left no word, and the means of them alone. */
export interface HeldOutShapes {
  readonly names: ReadonlySet<string> | undefined;
  readonly summary: (ShapeSummary & { readonly refined?: ShapeSummary }) | undefined;
  /** The means of those that the space was trained on, if others were held out. */
  readonly known?: HeldOutShapes['summary'];
}

/** An evaluation of shapes for the reader: held-out shapes first, means of them and of all, refined encodings beside encodings. */
export function shapesText(
  { instances, summary, diversity, refined, remarks }: ShapesEvaluation,
  { names, summary: heldOut, known }: HeldOutShapes = { names: undefined, summary: undefined },
): string {
  const isHeldOut = ({ name }: { readonly name: string }): boolean => names?.has(name) === true;
  const refinedOf = new Map(refined?.instances.map((row) => [row.name, row]));
  const mark = (text: string): readonly string[] => (names === undefined ? [] : [text]);
  const cells = (row: { readonly mse: number; readonly iou: number } | undefined) =>
    row === undefined ? [] : [row.mse.toExponential(2), row.iou];
  const means = (of: ShapeSummary | undefined) => of && { mse: of.meanMse, iou: of.meanIou };
  return [
    textTable(
      ['name', ...mark('held out'), 'MSE', 'IoU', ...(refined === undefined ? [] : ['refined MSE', 'refined IoU'])],
      [
        ...[...instances.filter(isHeldOut), ...instances.filter((row) => !isHeldOut(row))].map((row) => [row.name, ...mark(isHeldOut(row) ? 'yes' : 'no'), ...cells(row), ...cells(refinedOf.get(row.name))]), // prettier-ignore
        ...(heldOut === undefined
          ? []
          : [['mean of those held out', ...mark('yes'), ...cells(means(heldOut)), ...cells(means(heldOut.refined))]]),
        ...(known === undefined
          ? []
          : [['mean of those trained on', ...mark('no'), ...cells(means(known)), ...cells(means(known.refined))]]),
        [heldOut === undefined ? 'mean' : 'mean of all', ...mark(''), ...cells(means(summary)), ...cells(means(refined?.summary))],
      ],
    ),
    diversityText(diversity),
    ...timesOf(refined?.instances),
    ...(refined === undefined ? [] : [refinedDistances(summary, refined)]),
    ...(names !== undefined && heldOut === undefined ? heldOutRemarks(names, undefined) : []),
    ...remarks,
  ].join('\n\n');
}

/** What refinement lowers, which is not the MSE: a shape may come nearer while its MSE rises. */
function refinedDistances({ meanMse }: ShapeSummary, { instances, summary }: NonNullable<ShapesEvaluation['refined']>): string {
  const [before, after] = (['before', 'after'] as const).map((key) =>
    (instances.reduce((sum, row) => sum + row[key], 0) / Math.max(1, instances.length)).toPrecision(3),
  );
  const risen = summary.meanMse > meanMse ? ' The MSE has risen: it counts all distances, also far from the surface, where refinement does not look.' : ''; // prettier-ignore
  return `Refinement lowers the difference of distances up to ${SDF_CLIP}, most of it near the surface: ${before} before, ${after} after, mean of ${instances.length}.${risen}`;
}

/** What refinement took; nothing where nothing was refined. */
export function timesOf(rows: readonly Pick<RefinedInstance, 'encodeSeconds' | 'refineSeconds'>[] = []): readonly string[] {
  if (rows.length === 0) return [];
  const [encoding, refinement] = (['encodeSeconds', 'refineSeconds'] as const).map((key) =>
    (rows.reduce((sum, row) => sum + row[key], 0) / rows.length).toPrecision(2),
  );
  return [`A network takes ${encoding} seconds to encode and decode, ${refinement} seconds with refinement, mean of ${rows.length}.`];
}

function heldOutRemarks(names: HeldOutEvaluation['names'], heldOut: SpaceSummary | undefined): readonly string[] {
  if (heldOut !== undefined) {
    const few = `Spearman and correlation of the held-out networks mean nothing: they need three networks, and there are ${heldOut.count}.`;
    return heldOut.count < NETWORKS_FOR_ORDER ? [few] : [];
  }
  return [heldOutNote(names)];
}

/** What to know of figures where none is of a network that was held out. */
export const heldOutNote = (names: ReadonlySet<string> | undefined): string =>
  names === undefined
    ? 'Whether the space was trained on these networks is not recorded. Figures of networks that it knows are better than those of new ones.'
    : 'None of these networks was held out. Figures of networks that a space knows are better than those of new ones: hold some out (holdOut in the config).';
