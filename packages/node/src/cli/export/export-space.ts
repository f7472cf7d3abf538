import { basename, join, resolve } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import { currentVersions } from '@netspace/train/internal';
import { thinDataset } from '@netspace/zoo';
import { isTensorDataset } from '@netspace/zoo/internal';
import { type Command, Option } from 'commander';

import { type DatasetSource, parseDatasetSpec } from '../../datasets/dataset-spec.js';
import type { TensorSource } from '../../datasets/tensor-spec.js';
import { checkOutput } from '../../files/check-output.js';
import { writeAtomically } from '../../files/write-atomically.js';
import { FILE_LIST_NAME, fileListText } from '../../hub/file-list.js';
import { listFolder } from '../../hub/list-folder.js';
import { modelCard } from '../../hub/model-card.js';
import { readRunRecord } from '../../runs/run-record.js';
import type { CommandContext } from '../command-context.js';
import { classNamesOf } from './class-names.js';
import { matchingNames } from './name-patterns.js';
import { refuseFilled } from './refuse-filled.js';
import type { ExplorerManifest } from '@netspace/explorer';
import { type NetworkToExport, writeFolder } from './write-folder.js';
import { noteFreeEmbeddings } from '../files/free-embeddings.js';
import { readBytes } from '../files/instance-file.js';
import { recordedHeldOut } from '../files/recorded-held-out.js';
import { addTaskOption, type MeasuredTask, refuseDataOfShapes, taskOfSpace } from '../measured-task.js';
import { openSpace } from '../files/open-space.js';
import { openZoo, refuseStrangers } from '../files/open-zoo.js';
import { CLI_LIMITS, countOption } from '../options/number-option.js';
import { addRefineOption, refinementOf, refuseSameHalves } from '../options/refine-option.js';
import { recordedLine } from '../training/way-on.js';

/** What the commands that write a folder for the explorer take beside the space. */
export interface ExportOptions {
  readonly zoo: readonly string[];
  readonly out: string;
  readonly instance?: readonly string[];
  readonly heldOut?: readonly string[];
  readonly weights: 'held-out' | 'all' | 'none';
  readonly data?: string;
  readonly task?: MeasuredTask;
  readonly head?: string;
  readonly limit?: number;
  readonly sample?: number;
  readonly refine?: number;
  readonly classes?: string;
  readonly title?: string;
  readonly description?: string;
  readonly license?: string;
  readonly card?: string;
}

/** The options that say what goes into a folder for the explorer. */
export const addExportOptions = (command: Command): Command =>
  addRefineOption(addTaskOption(command), 'refine each encoding by so many steps; shapes on random points, other networks on the training half of --data') // prettier-ignore
    .option('--instance <name...>', 'only these networks; * stands for any characters')
    .option('--held-out <name...>', 'networks that the space was not trained on; * stands for any characters (default: as its run says)')
    .addOption(
      new Option('--weights <which>', 'networks whose weights are copied too').choices(['held-out', 'all', 'none']).default('held-out'),
    )
    .option(
      '--data <spec>',
      'images, or a file of tensors, to measure networks on: mnist, cifar10:PATH (a folder or one .bin file), tiny-imagenet:PATH, test.npz',
    )
    .option('--limit <n>', 'only this many inputs, evenly spread', countOption(CLI_LIMITS.images))
    .option('--sample <n>', 'put this many images of --data into the folder; make sure that you may pass them on', countOption(10_000))
    .option('--classes <names>', 'names of the classes, separated by commas (default: those of mnist and cifar10)')
    .option('--title <text>', 'title of the page (default: the name of --out)')
    .option('--description <text>', 'a sentence or two about the space')
    .option('--license <text>', 'license of the weights')
    .option('--card <file>', 'a Markdown file about the space, copied as card.md');

/** Says of a folder for others that it has images of a data set. */
export function noteSample({ sample }: ExplorerManifest, out: string, { note }: Pick<CommandContext, 'note'>): void {
  if (sample !== undefined) note(`${out} has images: ${sample.source}. See that you may pass them on`);
}

/**
 * Writes a space and the networks of zoos as a folder that the explorer shows.
 *
 * @throws NetSpaceError `INVALID_OPTION` for options that do not go together and for a folder that is not empty; as `openSpace`, `openZoo`
 */
export async function exportSpace(folder: string, options: ExportOptions, context: CommandContext): Promise<ExplorerManifest> {
  const { out, data, limit, sample, card, license, description, title = basename(resolve(out)) } = options;
  await checkOutput('--out', out, 'folder');
  await refuseFilled('--out', out);
  if (data === undefined && sample !== undefined) {
    throw new NetSpaceError('INVALID_OPTION', 'expected --data to take the images of --sample from, got none');
  }
  if (data === undefined && limit !== undefined) {
    throw new NetSpaceError('INVALID_OPTION', `expected --data beside --limit, which counts its inputs, got --limit ${limit} alone; leave it out, or name data`); // prettier-ignore
  }
  const source = data === undefined ? undefined : parseDatasetSpec(data);
  if (card !== undefined) await readBytes(card);
  const networks = await networksOf(folder, options, context);
  await context.startRuntime();
  const space = await openSpace(folder, context, options.zoo);
  for (const { record } of networks) space.classIdOf(record.architecture); // refuses one that the space does not know
  const free = await noteFreeEmbeddings(folder, options, context);
  const task = await taskOfSpace('export', space, { folder, given: options.task, head: options.head });
  refuseDataOfShapes('export', task, data);
  const whole = await source?.load('test');
  if (sample !== undefined && whole !== undefined && isTensorDataset(whole)) {
    throw new NetSpaceError('UNSUPPORTED', `expected no --sample with tensors, which the page does not show, got ${sample}; leave it out`);
  }
  const refine = await refinementOf('export', space, { folder, steps: options.refine, source, task });
  refuseSameHalves('export', { refine, dataset: whole, data });
  const classes = classNames(options.classes, source);
  if (whole?.classes !== undefined && classes !== undefined && classes.length !== whole.classes) {
    throw new NetSpaceError('INVALID_OPTION', `expected ${whole.classes} names as --classes, got ${classes.length}`);
  }
  const manifest = await writeFolder(
    out,
    space,
    {
      ...{
        networks,
        card,
        task,
        refine,
        free,
        from: folder,
        dataset: whole && (limit === undefined ? whole : thinDataset(whole, limit)),
      },
      sample: whole && sample !== undefined && !isTensorDataset(whole) ? { dataset: whole, count: sample } : undefined,
      facts: {
        ...{ title, description, command: recordedLine(['export', ...wordsOf(folder, options)]), versions: currentVersions() },
        ...(license !== undefined && { license }),
        ...(classes !== undefined && { classes }),
      },
    },
    context,
  ).finally(() => space.dispose());
  const body = card === undefined ? undefined : (await readBytes(card)).toString();
  await writeAtomically(
    join(out, 'README.md'),
    modelCard(manifest, { dataset: source === undefined || source.kind === 'tensors' ? undefined : source.kind, body }),
  );
  await writeAtomically(join(out, FILE_LIST_NAME), fileListText(await listFolder(out)));
  return manifest;
}

/** All networks to export, zoo by zoo. */
async function networksOf(
  folder: string,
  { zoo, instance, heldOut, weights }: ExportOptions,
  context: CommandContext,
): Promise<readonly NetworkToExport[]> {
  const opened = await Promise.all(zoo.map(async (one) => ({ ...(await openZoo(one, { ...context, runs: 'none' })), folder: one })));
  const all = opened.flatMap(({ store, records }) => records.map((record) => ({ store, record })));
  const names = all.map(({ record }) => record.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new NetSpaceError('INVALID_OPTION', `expected each name in one zoo, got ${twice} in two; leave one out with --instance`);
  }
  const chosen = new Set(instance === undefined ? names : matchingNames(names, instance, '--instance'));
  for (const { folder: of, strangers } of opened) refuseStrangers(of, strangers.filter(({ name }) => chosen.has(name)), context); // prettier-ignore
  const unseen =
    heldOut === undefined
      ? (recordedHeldOut(
          await readRunRecord(folder).catch(() => undefined),
          all.map(({ record }) => record),
        ) ?? new Set<string>()) // prettier-ignore
      : new Set(matchingNames([...chosen], heldOut, '--held-out'));
  // Where nobody says which the space has not seen, all are kept.
  const which = weights === 'held-out' && unseen.size === 0 ? 'all' : weights;
  return all.flatMap(({ store, record }) => {
    if (!chosen.has(record.name)) return [];
    const isHeldOut = unseen.has(record.name);
    return { store, record, heldOut: isHeldOut, weights: which === 'all' || (which === 'held-out' && isHeldOut) };
  });
}

const classNames = (given: string | undefined, source: DatasetSource | TensorSource | undefined): readonly string[] | undefined =>
  given === undefined
    ? source === undefined || source.kind === 'tensors'
      ? undefined
      : classNamesOf(source)
    : given.split(',').map((name) => name.trim());

/** The options as they would be typed again, paths and all. */
function wordsOf(folder: string, options: ExportOptions): readonly string[] {
  const words = Object.entries(options).flatMap(([key, value]: [string, string | number | readonly string[]]) => {
    const option = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return [option, ...[value].flat().map(String)];
  });
  return [folder, ...words];
}
