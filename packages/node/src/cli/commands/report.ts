import { basename, join } from 'node:path';

import { countConfusion, evaluateSpace, type Diversity, type EvaluatedInstance } from '@netspace/explore';
import { prepPicture, type ReportData, type ReportSection } from '@netspace/report';
import type { NetSpace } from '@netspace/model';
import { NetSpaceError, packPRep, type Instance } from '@netspace/prep';
import { loadAll } from '@netspace/zoo';
import type { Command } from 'commander';

import { currentVersions } from '@netspace/train/internal';
import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { writeAtomically } from '../../files/write-atomically.js';
import type { MetricsRecord } from '@netspace/train';
import { readMetrics } from '../../metrics/metrics-file.js';
import { checkOutput } from '../../files/check-output.js';
import { action, type CommandContext } from '../command-context.js';
import { CLI_LIMITS, countOption } from '../options/number-option.js';
import { openSpace } from '../files/open-space.js';
import { openZoo } from '../files/open-zoo.js';

interface Options {
  readonly space: string;
  readonly zoo: string;
  readonly data: string;
  readonly limit?: number;
  readonly out: string;
}

/** `netspace report`: curves, table, confusion and PReps of a space of classifiers as one self-contained page. */
export function addReport(program: Command): void {
  program
    .command('report')
    .description('evaluate a space of classifiers and write a self-contained HTML page about it')
    .requiredOption('--space <dir>', 'folder of the space; its metrics.jsonl gives the training curves')
    .requiredOption('--zoo <dir>', 'folder of the zoo')
    .requiredOption('--data <spec>', 'test images: mnist, cifar10:PATH, tiny-imagenet:PATH')
    .option('--limit <n>', 'only so many images, evenly spread', countOption(CLI_LIMITS.images))
    .option('--out <file>', 'the page', 'report.html')
    .action(action(({ command, context }) => report(command.opts<Options>(), context)));
}

async function report({ space: folder, zoo, data, limit, out }: Options, context: CommandContext): Promise<void> {
  await checkOutput('--out', out, 'file');
  const { store, records } = await openZoo(zoo);
  const source = parseDatasetSpec(data);
  const runtime = await context.startRuntime();
  const space = await openSpace(folder, context);
  if (space.architectures.some(({ purpose }) => purpose === 'sdf')) {
    throw new NetSpaceError('UNSUPPORTED', 'report: expected a space of classifiers, got one of shapes; netspace evaluate measures shapes');
  }
  const entries = await loadAll(store, records, { signal: context.signal });
  const dataset = await source.load('test');
  const bar = context.progress('networks', entries.length);
  const firsts = new Set(space.architectures.map(({ name }) => entries.findIndex(({ instance }) => instance.architecture.name === name)));
  const pictures: Picture[][] = []; // by ClassId
  const { instances, summary, diversity, remarks } = await evaluateSpace(space, entries, dataset, {
    ...(limit !== undefined && { limit }),
    signal: context.signal,
    onStep: ({ step }) => bar.update(step),
    async onPredicted(predicted, index) {
      const { name, instance } = entries[index]!;
      if (!firsts.has(index)) return;
      pictures[space.classIdOf(instance)] = [
        await picture(space, name, instance, 'target'),
        await picture(space, name, predicted, 'predicted'),
      ];
    },
  }).finally(() => bar.stop());
  await context.throwIfStopped();
  const page: ReportData = {
    title: `The space in ${basename(folder)}`,
    subtitle: `${entries.length} networks of ${space.architectures.length} architectures, embeddings of ${space.config.embeddingSize} numbers`,
    headline: [
      { label: 'mean accuracy of targets', value: summary.meanTargetAccuracy.toFixed(3) },
      { label: 'of predicted networks', value: summary.meanPredictedAccuracy.toFixed(3) },
      { label: 'agreement', value: summary.meanAgreement.toFixed(3) },
    ],
    sections: [
      ...curves(await readMetrics(join(folder, 'metrics.jsonl'))),
      differences(diversity, remarks),
      comparison(instances, dataset.name),
      ...confusion(space, instances),
      { title: 'Parameters', figures: [{ kind: 'pictures', layout: 'rows', pictures: pictures.flat() }] },
    ],
    provenance: { runtime: runtime.name, device: runtime.device, data, ...currentVersions() },
  };
  const { renderReport } = await import('@netspace/report'); // its charts take seconds to load: not for every command
  await writeAtomically(out, renderReport(page));
  context.print({ report: out, summary, diversity, remarks }, () => [`report in ${out}`, ...remarks].join('\n'));
}

function curves(metrics: readonly MetricsRecord[]): ReportSection[] {
  // Losses and what was measured on the way stand in records of their own.
  const names = [...new Set(metrics.flatMap((record) => Object.keys(record)))].filter((name) => name !== 'step' && name !== 'learningRate');
  const figures = names.map((name) => ({
    ...({ kind: 'chart', chart: 'line', title: name, x: { label: 'step' }, y: { label: unitOf(name, metrics) } } as const),
    series: [{ name, points: metrics.filter((record) => name in record).map((record) => [record.step, Number(record[name])] as const) }],
  }));
  return figures.length === 0 ? [] : [{ title: 'Training', figures }];
}

/** Losses are in nats; measurements say what they are by their names. */
const unitOf = (name: string, metrics: readonly MetricsRecord[]): string =>
  metrics.some((record) => name in record && 'loss' in record) ? 'nats' : '';

/** Whether the space tells networks apart at all, and which of the numbers below mean nothing. */
function differences(
  { weightSpread, fromStart, disagreement, targetDisagreement, collapsed }: Diversity,
  remarks: readonly string[],
): ReportSection {
  const rows = [
    ["spread of predicted weights, of the targets'", weightSpread],
    ["distance from the decoder's constant part, of the targets'", fromStart],
    ['images on which two predicted networks disagree', disagreement],
    ['images on which two targets disagree', targetDisagreement],
  ] as const;
  return {
    title: collapsed ? 'A collapsed space' : 'How far predicted networks differ',
    text: remarks,
    figures: [{ kind: 'table', columns: [{ label: 'measure' }, { label: 'value', format: 'percent' }], rows }],
  };
}

function comparison(instances: readonly EvaluatedInstance[], data: string): ReportSection {
  const architectures = [...new Set(instances.map(({ architecture }) => architecture))];
  const series = architectures.map((name) => ({
    name,
    points: instances
      .filter(({ architecture }) => architecture === name)
      .map((row) => [row.targetAccuracy, row.predictedAccuracy] as const),
  }));
  const percent = { format: 'percent' } as const;
  return {
    title: `Targets and predicted networks on ${data}`,
    figures: [
      {
        kind: 'chart',
        chart: 'scatter',
        diagonal: true,
        x: { label: 'target', ...percent },
        y: { label: 'predicted', ...percent },
        series,
      },
      {
        kind: 'table',
        columns: [
          ...['name', 'architecture', 'predicted as'].map((label) => ({ label })),
          ...['target', 'predicted', 'agreement'].map((label) => ({ label, ...percent })),
        ],
        rows: instances.map((row) => [
          row.name,
          row.classId,
          row.predictedClassId,
          row.targetAccuracy,
          row.predictedAccuracy,
          row.agreement,
        ]),
      },
    ],
  };
}

function confusion(space: NetSpace, instances: readonly EvaluatedInstance[]): ReportSection[] {
  if (space.architectures.length === 1) return [];
  const names = space.architectures.map(({ name }) => name);
  const { matrix } = countConfusion(instances, names);
  const sides = { rows: { label: 'is', names }, columns: { label: 'taken for', names } };
  return [{ title: 'ClassIds', figures: [{ kind: 'heatmap', ...sides, values: matrix, format: 'integer' }] }];
}

type Picture = Extract<NonNullable<ReportSection['figures']>[number], { readonly kind: 'pictures' }>['pictures'][number];

/** The PRep of a network. */
async function picture(space: NetSpace, title: string, instance: Instance, note: string): Promise<Picture> {
  const prep = packPRep(instance, space.config.prepShape);
  try {
    return { picture: prepPicture(await prep.array(), { parameters: instance.architecture.parameters }), title, note };
  } finally {
    prep.dispose();
  }
}
