import type { SpaceEvaluation, SpaceSummary } from '@netspace/explore';

import { textTable } from './output/text-table.js';

/** What a summary's numbers are called, as on the page "Is my space any good?". */
const MEASURES: readonly (readonly [string, (summary: SpaceSummary) => number | null])[] = [
  ['networks', ({ count }) => count],
  ['target accuracy, mean', ({ meanTargetAccuracy }) => meanTargetAccuracy],
  ['predicted accuracy, mean', ({ meanPredictedAccuracy }) => meanPredictedAccuracy],
  ['mean difference', ({ meanAccuracyDifference }) => meanAccuracyDifference],
  ['bias', ({ bias }) => bias],
  ['Spearman', ({ spearman }) => spearman],
  ['correlation', ({ accuracyCorrelation }) => accuracyCorrelation],
  ['agreement', ({ meanAgreement }) => meanAgreement],
  ['ClassId accuracy', ({ classIdAccuracy }) => classIdAccuracy],
];

/** Which networks the run did not train on, undefined where it has left no word, and the summary of them alone. */
export interface HeldOutEvaluation {
  readonly names: ReadonlySet<string> | undefined;
  readonly summary: SpaceSummary | undefined;
}

/** An evaluation for the reader: held-out networks first, their summary beside that of all. */
export function evaluationText(
  { instances, summary, diversity, remarks }: SpaceEvaluation,
  { names, summary: heldOut }: HeldOutEvaluation,
): string {
  const isHeldOut = ({ name }: { readonly name: string }): boolean => names?.has(name) === true;
  const rows = [...instances.filter(isHeldOut), ...instances.filter((row) => !isHeldOut(row))].map((row) => [
    row.name,
    ...(names === undefined ? [] : [isHeldOut(row) ? 'yes' : 'no']),
    ...[row.classId, row.predictedClassId, row.targetAccuracy, row.predictedAccuracy, row.agreement],
  ]);
  const header = ['name', ...(names === undefined ? [] : ['held out']), 'ClassId', 'predicted ClassId', 'target accuracy', 'predicted accuracy', 'agreement']; // prettier-ignore
  const columns = heldOut === undefined ? [summary] : [heldOut, summary];
  const { weightSpread, fromStart, disagreement, targetDisagreement } = diversity;
  return [
    textTable(header, rows),
    textTable(
      ['summary', ...(heldOut === undefined ? [] : ['held out']), 'all networks'],
      MEASURES.map(([label, of]) => [label, ...columns.map(of)]),
    ),
    textTable(['of all networks', ''], Object.entries({ weightSpread, fromStart, disagreement, targetDisagreement })),
    ...heldOutRemarks(names, heldOut),
    ...remarks,
  ].join('\n\n');
}

function heldOutRemarks(names: HeldOutEvaluation['names'], heldOut: SpaceSummary | undefined): readonly string[] {
  if (heldOut !== undefined) {
    const few = `Spearman and correlation of the held-out networks mean nothing: they need three networks, and there are ${heldOut.count}.`;
    return heldOut.count < 3 ? [few] : [];
  }
  return [
    names === undefined
      ? 'Whether the space was trained on these networks is not recorded. Figures of networks that it knows are better than those of new ones.'
      : 'None of these networks was held out. Figures of networks that a space knows are better than those of new ones: hold some out (holdOut in the config).',
  ];
}
