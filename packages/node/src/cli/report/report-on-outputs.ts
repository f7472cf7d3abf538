import {
  type EvaluatedOutputs,
  evaluateOutputs,
  reconstruct,
  type RefinementOptions,
  summarizeOutputs,
  type VerdictFigure,
  verdictOf,
} from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import { disposeInstances } from '@netspace/prep';
import type { Headline, ReportSection, TableFigure } from '@netspace/report';
import type { Dataset, StoredInstance } from '@netspace/zoo';

import type { CommandContext } from '../command-context.js';
import { networkProgress } from '../output/network-progress.js';
import type { EvaluatedPlace } from '../evaluation/evaluated-place.js';
import { changeSection, haveOwnSeeds, verdictOnOutputs, refinedWords } from '../evaluation/evaluation-verdict.js';
import type { SpaceTask } from '../measured-task.js';
import { classIdSection } from './classifier-sections.js';
import type { HeldOut } from './held-out.js';
import { pictureOf, picturesWords, type TitledPicture } from './prep-picture.js';
import { headed } from './refinement-section.js';
import type { ReportPart } from './report-on-classifiers.js';

type Task = 'regression' | 'rgb' | 'occupancy';

export interface OutputsReportInputs {
  readonly space: NetSpace;
  readonly entries: readonly StoredInstance[];
  /** Inputs on which networks are compared, with targets of their own or without. */
  readonly dataset: Dataset;
  readonly limit?: number | undefined;
  readonly task: SpaceTask & { readonly task: Task };
  readonly held: HeldOut;
  readonly place: EvaluatedPlace;
  readonly refine: RefinementOptions | undefined;
}

/** Compares what each network gives with what its prediction gives: numbers, colors or what is inside. */
export async function reportOnOutputs(
  { space, entries, dataset, limit, task: { task, head }, held, place, refine }: OutputsReportInputs,
  context: CommandContext,
): Promise<ReportPart> {
  const bar = networkProgress('report', { names: entries.map(({ name }) => name), refine: refine?.steps }, context);
  const measuring = evaluateOutputs(space, entries, dataset, {
    ...{ ...head, task, ...(limit !== undefined && { limit }), ...(refine !== undefined && { refine: { ...refine, onStep: bar.onStep } }) },
    signal: context.signal,
    onStep: () => bar.ended(),
  });
  const { instances, summary, diversity, targetR2, remarks, refined } = await bar.until(measuring, 'no report is written');
  const isJudged = ({ name }: { readonly name: string }): boolean => held.names.size === 0 || held.names.has(name);
  const judged = instances.filter(isJudged);
  const measured = { task, targetR2 };
  const ownSeeds = haveOwnSeeds(entries.map(({ record }) => record));
  const names = space.architectures.map(({ name }) => name);
  const verdict = verdictOnOutputs({ instances, diversity, remarks, refined, heldOut: held.names, ownSeeds, space, place }, measured);
  const decisive = (verdict.refined && refined ? refined.instances : instances).filter(isJudged);
  const columns = MEASURES.filter(({ of }) => instances.some((row) => of(row) !== undefined));
  return {
    headline: headlineOf(verdictOf({ instances: decisive, diversity, remarks, targetR2 }).figures, decisive),
    sections: [
      {
        title: diversity.collapsed ? 'A collapsed space' : 'Does the space tell networks apart?',
        text: [
          'A collapsed space predicts the same network whatever it encodes; its averages may look good all the same. Both rows are near 0 % then; more is better.',
          held.words,
          ...refinedWords(verdict),
          ...remarks,
        ],
        figures: [
          {
            kind: 'table',
            columns: [{ label: 'measure' }, { label: 'value', format: 'percent' }],
            rows: [
              ['spread of the predicted weights, as a share of the spread of the targets', diversity.weightSpread],
              [
                'distance of predicted weights from the start of the decoder, as a share of the distance of the targets',
                diversity.fromStart,
              ],
            ],
          },
        ],
      },
      ...changeSection(verdict),
      {
        title: `Targets and predicted networks on ${dataset.name}`,
        text: `A target is a network of the zoo. The space encodes it into an embedding, and the decoder turns the embedding into the predicted network. Both run on the same inputs. ${columns.map(({ label, means }) => `${label}: ${means}.`).join(' ')}`,
        figures: [
          ...errorsChart(judged, held),
          {
            kind: 'table',
            columns: [{ label: 'network' }, { label: 'held out' }, ...columns.map(({ label }) => ({ label }))],
            rows: held.first(instances).map((row) => [row.name, held.mark(row.name), ...columns.map(({ of }) => of(row) ?? null)]),
          },
        ],
      },
      ...(refined === undefined ? [] : [refinedSection(judged, refined.instances.filter(isJudged), refine!.steps!)]),
      ...classIdSection(instances, names),
      await prepSection(space, entries, { names, words: picturesWords(verdict) }),
    ],
    result: { task, summary, diversity, ...(refined && { refined: refined.summary }) },
    remarks,
  };
}

interface Measure {
  readonly label: string;
  readonly means: string;
  readonly of: (row: EvaluatedOutputs) => number | null | undefined;
}

/** What is measured of a network and its prediction; a task has some of them. */
const MEASURES: readonly Measure[] = [
  { label: 'MSE', means: 'mean squared difference of their outputs; lower is better', of: ({ mse }) => mse },
  { label: 'R²', means: '1 for equal outputs, 0 for a predicted network that always gives the mean', of: ({ r2 }) => r2 },
  { label: 'PSNR, dB', means: 'of colors, in decibels; higher is better', of: ({ psnr }) => psnr },
  { label: 'IoU', means: 'points inside both, divided by those inside either', of: ({ iou }) => iou },
  { label: "target's error", means: "mean squared error of the target against the data's own targets", of: ({ targetMse }) => targetMse },
  { label: 'predicted error', means: 'the same of the predicted network', of: ({ predictedMse }) => predictedMse },
];

/** The figure that the verdict goes by, and what else is to be known. */
const headlineOf = (figures: readonly VerdictFigure[], rows: readonly EvaluatedOutputs[]): Headline[] => [
  ...figures,
  {
    label: 'MSE',
    value: summarizeOutputs(rows).meanMse.toExponential(2),
    note: 'Mean squared difference of the outputs, mean over networks. Lower is better.',
  },
  { label: 'networks', value: `${rows.length}`, note: 'Of which the figures are means.' },
];

/** Errors of targets and predicted networks against the data's own targets, if there are any. */
function errorsChart(rows: readonly EvaluatedOutputs[], { names }: HeldOut): NonNullable<ReportSection['figures']>[number][] {
  const points = rows.flatMap(({ targetMse, predictedMse }) =>
    targetMse === undefined || predictedMse === undefined ? [] : [[targetMse, predictedMse] as const],
  );
  if (points.length === 0) return [];
  return [
    {
      ...({ kind: 'chart', chart: 'scatter', title: "Errors against the data's own targets", diagonal: true } as const),
      x: { label: 'mean squared error of the target' },
      y: { label: 'mean squared error of the predicted network' },
      series: [{ name: names.size > 0 ? 'held out' : 'all networks', points }],
    },
  ];
}

function refinedSection(rows: readonly EvaluatedOutputs[], refined: readonly (EvaluatedOutputs & Times)[], steps: number): ReportSection {
  const columns = MEASURES.filter(({ of, label }) => label !== "target's error" && rows.some((row) => of(row) !== undefined));
  const mean = (all: readonly EvaluatedOutputs[], of: Measure['of']): number | null => {
    const values = all.flatMap((row) => of(row) ?? []);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const table: TableFigure = {
    kind: 'table',
    columns: [{ label: 'mean' }, { label: 'encodings' }, { label: 'refined' }],
    rows: columns.map(({ label, of }) => [label, mean(rows, of), mean(refined, of)]),
  };
  return { ...headed(steps, 'on inputs of training', refined), figures: [table] };
}

type Times = Parameters<typeof headed>[2][number];

/** One network of each architecture, beside its prediction. */
async function prepSection(
  space: NetSpace,
  entries: readonly StoredInstance[],
  { names, words }: { readonly names: readonly string[]; readonly words: readonly string[] },
): Promise<ReportSection> {
  const pictures: TitledPicture[] = [];
  for (const own of names) {
    const entry = entries.find(({ instance }) => instance.architecture.name === own);
    if (entry === undefined) continue;
    const predicted = await reconstruct(space, entry.instance);
    try {
      for (const [network, note] of [[entry.instance, 'target'], [predicted, 'predicted']] as const) pictures.push(await pictureOf(space, entry.name, network, note)); // prettier-ignore
    } finally {
      disposeInstances([predicted]);
    }
  }
  return {
    title: 'Parameters (PReps)',
    text: [
      'A PRep is the matrix that holds the parameters of one network: blue below zero, white at zero, red above, gray where it is padding. Pictures that look alike need not compute the same.',
      ...words,
    ],
    figures: [{ kind: 'pictures', layout: 'rows', pictures }],
  };
}
