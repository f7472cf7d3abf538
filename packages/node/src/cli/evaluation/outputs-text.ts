import type { EvaluatedOutputs, OutputsEvaluation, OutputsSummary } from '@netspace/explore';

import { heldOutNote, timesOf } from './evaluation-text.js';
import { textTable } from '../output/text-table.js';

/** Which networks the run did not train on, undefined where it has left no word, and the means of them alone. */
export interface HeldOutOutputs {
  readonly names: ReadonlySet<string> | undefined;
  readonly summary: (OutputsSummary & { readonly refined?: OutputsSummary }) | undefined;
  /** The means of those that the space was trained on, if others were held out. */
  readonly known?: HeldOutOutputs['summary'];
}

type Cell = string | number | null | undefined;
const small = (value: number | undefined): Cell => (value === undefined ? undefined : value.toExponential(3));

/** Columns that some row has. */
const COLUMNS: readonly (readonly [label: string, of: (row: Partial<EvaluatedOutputs>) => Cell])[] = [
  ['MSE', ({ mse }) => small(mse)],
  ['R²', ({ r2 }) => r2],
  ['PSNR, dB', ({ psnr }) => psnr],
  ['IoU', ({ iou }) => iou],
  ["target's error", ({ targetMse }) => small(targetMse)],
  ['predicted error', ({ predictedMse }) => small(predictedMse)],
];

/** An evaluation of networks of numbers for the reader: held-out networks first, means of them and of all. */
export function outputsText(
  { instances, summary, refined, remarks }: OutputsEvaluation,
  { names, summary: heldOut, known }: HeldOutOutputs,
): string {
  const isHeldOut = ({ name }: { readonly name: string }): boolean => names?.has(name) === true;
  const columns = COLUMNS.filter(([, of]) => instances.some((row) => of(row) !== undefined));
  const mark = (text: string): readonly string[] => (names === undefined ? [] : [text]);
  const better = new Map(refined?.instances.map((row) => [row.name, row]));
  const cells = (row: Partial<EvaluatedOutputs>, other: Partial<EvaluatedOutputs> | undefined): readonly Cell[] => [
    ...columns.map(([, of]) => of(row)),
    ...(refined === undefined ? [] : columns.map(([, of]) => of(other ?? {}))),
  ];
  const means = (of: OutputsSummary): Partial<EvaluatedOutputs> => ({
    ...{ mse: of.meanMse, r2: of.meanR2 },
    ...(of.meanPsnr !== undefined && { psnr: of.meanPsnr }),
    ...(of.meanIou !== undefined && { iou: of.meanIou }),
    ...(of.meanTargetMse !== undefined && { targetMse: of.meanTargetMse }),
    ...(of.meanPredictedMse !== undefined && { predictedMse: of.meanPredictedMse }),
  });
  const all = [...instances.filter(isHeldOut), ...instances.filter((row) => !isHeldOut(row))];
  return [
    textTable(
      [
        'name',
        ...mark('held out'),
        ...columns.map(([label]) => label),
        ...(refined === undefined ? [] : columns.map(([label]) => `refined ${label}`)),
      ],
      [
        ...all.map((row) => [row.name, ...mark(isHeldOut(row) ? 'yes' : 'no'), ...cells(row, better.get(row.name))]),
        ...(heldOut === undefined
          ? []
          : [['mean of those held out', ...mark('yes'), ...cells(means(heldOut), heldOut.refined && means(heldOut.refined))]]),
        ...(known === undefined
          ? []
          : [['mean of those trained on', ...mark('no'), ...cells(means(known), known.refined && means(known.refined))]]),
        [heldOut === undefined ? 'mean' : 'mean of all', ...mark(''), ...cells(means(summary), refined && means(refined.summary))],
      ],
    ),
    ...timesOf(refined?.instances),
    ...(heldOut === undefined ? [heldOutNote(names)] : []),
    ...remarks,
  ].join('\n\n');
}
