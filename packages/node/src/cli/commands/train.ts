import { dirname, join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import type { Command } from 'commander';

import { parseOptions } from '@netspace/prep/internal';
import { architecturesIn } from '../../architectures/architectures-in.js';
import { readConfigFile } from '../../config/read-config-file.js';
import { checkpointFile } from '../../files/checkpoint-file.js';
import { metricsFile } from '../../metrics/metrics-file.js';
import { allSinks, summaryWriter, tensorBoard } from '../../metrics/tensorboard.js';
import type { MetricsSink } from '@netspace/train';
import { checkOutput } from '../../files/check-output.js';
import { action, type CommandContext } from '../command-context.js';
import { CLI_LIMITS, countOption, numberOption } from '../options/number-option.js';
import { openZoo } from '../files/open-zoo.js';
import { type PlacedConfig, placedConfig } from '../training/placed-config.js';
import { proposeConfig } from '../training/propose-config.js';
import { loneNetworkNote } from '../training/lone-network.js';
import { otherInputs } from '../training/other-inputs.js';
import { prepareTraining } from '../training/prepare-training.js';
import { readRunRecord } from '../../runs/run-record.js';
import type { Progress } from '../../runs/progress.js';
import { trainInFolder } from '../../runs/train-in-folder.js';
import { refuseHeldRun } from '../training/refuse-held-run.js';
import { shortestSpace } from '../training/shortest-config.js';
import { trainConfigOptions, withoutRecordedDefaults } from '../training/train-config.js';
import { commandLine, withWayOn } from '../training/way-on.js';

interface Options {
  readonly out: string;
  readonly resume?: boolean;
  readonly zoo?: string;
  readonly data?: string;
  readonly steps?: number;
  readonly seed?: number;
  readonly tensorboard?: boolean;
}

/** `netspace train [CONFIG] --out DIR`: trains a space and leaves it, its checkpoint, metrics and config in a folder. */
export function addTrain(program: Command): void {
  program
    .command('train')
    .description('train a space on a zoo; all files are written into one folder')
    .argument(
      '[config]',
      'JSON file; without it, --resume takes the config of the run in the folder; without both, a config that fits the zoo is printed',
    )
    .requiredOption('--out <dir>', 'folder of the run: space.json, checkpoint, metrics.jsonl, run.json')
    .option('--resume', 'go on from the checkpoint in the folder; the result has the same bits')
    .option('--zoo <dir>', "instead of the config's zoo")
    .option('--data <spec>', "instead of the config's data: mnist, cifar10:PATH, tiny-imagenet:PATH, train.npz, table.csv#targets=NAME")
    .option('--steps <n>', "instead of the config's steps", countOption(CLI_LIMITS.steps))
    .option('--seed <n>', "instead of the config's seed", numberOption)
    .option('--tensorboard', 'also write TensorBoard events into the folder, if the runtime can')
    .action(action(({ args, command, context }) => train(args[0], command.opts<Options>(), context)));
}

async function train(file: string | undefined, options: Options, context: CommandContext): Promise<void> {
  const { out, resume = false } = options;
  await checkOutput('--out', out, 'folder');
  if (file === undefined && !resume) return propose(options, context);
  const record = await readRunRecord(out);
  if (resume && record === undefined && (await checkpointFile(join(out, 'checkpoint.safetensors')).read()) === undefined) {
    throw new NetSpaceError('NOT_FOUND', `train: expected a run in ${out} to go on with, got none; leave --resume out to start one`);
  }
  const { config, given } = await findConfig(file, options, context);
  if (!resume) refuseHeldRun(out, record, config);
  if (record?.state === 'died') context.note(`the run in ${out} died before it ended`);
  const runtime = await context.startRuntime();
  const find = await architecturesIn(config.zoo, out);
  const { space, entries, task, heldOut, heldOutSha256 } = await prepareTraining(config, (name) => given.get(name) ?? find(name), context);
  context.note(`${entries.length} instances, ${heldOut.length} held out; embeddings of ${space.config.embeddingSize} numbers`);
  const strange = task.kind === 'classification' ? await otherInputs(entries, task.dataset, task.output) : undefined;
  if (strange !== undefined) context.note(strange);
  const lone = loneNetworkNote(entries, heldOut, config.zoo);
  if (lone !== undefined) context.note(lone);
  const { steps, batch, embeddings, augment, learningRate, seed, readEvery, onDivergence, checkpointEvery } = config;
  const instances = entries.map(({ instance }) => instance);
  const identity = Object.fromEntries(entries.map(({ name, record }) => [name, record.sha256]));
  const configFile = file ?? record?.file; // who goes on without a config goes on with that
  let told = 0;
  let bar: Progress | undefined;
  let targets: Progress | undefined;
  const result = await trainInFolder(space, out, {
    ...{
      command: 'train',
      config,
      ...(configFile !== undefined && { file: configFile }),
      runtime,
      checkpointEvery,
      resume,
      facts: { heldOut, ...(heldOut.length > 0 && { heldOutSha256 }) },
    },
    training: {
      ...{
        instances,
        task,
        steps,
        batch,
        embeddings,
        augment,
        learningRate,
        seed,
        readEvery,
        onDivergence,
        identity,
        signal: context.signal,
      },
      onTarget: ({ done, total }) => (targets ??= context.progress('running targets', total)).update(done),
    },
    metrics: metricsOf(out, options.tensorboard === true),
    onStart: (step) => {
      if (step > 0)
        context.note(step < steps ? `going on after step ${step}` : `nothing to do: ${out} is at step ${step} of ${steps} already`);
    },
    onStep: ({ step, losses, rewinds = [] }) => {
      targets?.stop();
      bar ??= context.progress('training', steps);
      bar.update(step, losses && `loss ${losses['loss']!.toPrecision(4)}`);
      for (const { from, to, term } of rewinds.slice(told)) context.note(`diverged by step ${from} (${term}): back to step ${to}, half the learning rate`); // prettier-ignore
      told = rewinds.length;
    },
  })
    .catch((error: unknown) => {
      throw withWayOn(error, context, ['train', '--out', out, '--resume']);
    })
    .finally(() => [targets, bar].forEach((shown) => shown?.stop()));
  context.print(result, () => `space after ${result.steps} steps in ${out}`);
}

/** Without a config nothing is trained: which one fits the zoo is printed, to be looked at and kept. */
async function propose(options: Options, context: CommandContext): Promise<void> {
  if (options.zoo === undefined) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `train: expected a config, or --zoo to have one proposed that fits it, got neither; ${context.netspace} init space --zoo DIR writes one`,
    );
  }
  const { records } = await openZoo(options.zoo, context);
  const { config, reasons } = proposeConfig(options.zoo, records, {
    changes: changesOf(options),
    find: await architecturesIn(options.zoo),
  });
  context.print({ proposal: config, reasons }, () => JSON.stringify(config, undefined, 2));
  for (const { option, why } of reasons) context.note(`${option}: ${why}`);
  context.note(
    `nothing was trained; ${commandLine(context, ['init', 'space', '--zoo', options.zoo])} writes this config with comments into a file`,
  );
}

const changesOf = ({ zoo, data, steps, seed }: Options): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries({ zoo, data, steps, seed }).filter(([, value]) => value !== undefined));

async function findConfig(file: string | undefined, options: Options, context: CommandContext): Promise<PlacedConfig> {
  const { out } = options;
  const changes = changesOf(options);
  if (file !== undefined) {
    const config = await readConfigFile(file, trainConfigOptions, { ...context, changes, example: shortestSpace });
    return placedConfig(config, dirname(file), options);
  }
  const earlier = (await readRunRecord(out))?.config;
  const base = typeof earlier === 'object' && earlier !== null ? withoutRecordedDefaults(earlier) : {};
  const from = earlier === undefined ? 'train options' : join(out, 'run.json');
  return { config: parseOptions(from, trainConfigOptions, { ...base, ...changes }), given: new Map() };
}

function metricsOf(out: string, withTensorBoard: boolean): MetricsSink {
  const file = metricsFile(join(out, 'metrics.jsonl'));
  if (!withTensorBoard) return file;
  const writer = summaryWriter(out);
  if (writer !== undefined) return allSinks(file, tensorBoard(writer));
  throw new NetSpaceError('UNAVAILABLE', 'train: expected a runtime that writes TensorBoard events, got none; use --runtime tensorflow');
}
