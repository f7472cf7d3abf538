import { join } from 'node:path';

import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import type { Command } from 'commander';

import { parseOptions } from '@netspace/prep/internal';
import { readConfigFile } from '../../config/read-config-file.js';
import { checkpointFile } from '../../files/checkpoint-file.js';
import { fileHandler } from '../../files/file-handler.js';
import { metricsFile } from '../../metrics/metrics-file.js';
import { allSinks, summaryWriter, tensorBoard } from '../../metrics/tensorboard.js';
import { type MetricsSink, trainNetSpace, type TrainStep } from '@netspace/train';
import { action, type CommandContext } from '../command-context.js';
import { numberOption } from '../number-option.js';
import { prepareTraining } from '../prepare-training.js';
import { readRunConfig, startRunRecord } from '../run-folder.js';
import { type TrainConfig, trainConfigOptions, withoutRecordedDefaults } from '../train-config.js';

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
    .description('train a space on a zoo; everything it leaves is in one folder')
    .argument('[config]', 'JSON file; left out, that of the run in the folder, or the options alone')
    .requiredOption('--out <dir>', 'folder of the run: space.json, checkpoint, metrics.jsonl, run.json')
    .option('--resume', 'go on from the checkpoint in the folder, bit-exactly')
    .option('--zoo <dir>', "instead of the config's zoo")
    .option('--data <spec>', "instead of the config's data: mnist, cifar10:PATH, tiny-imagenet:PATH")
    .option('--steps <n>', "instead of the config's steps", numberOption)
    .option('--seed <n>', "instead of the config's seed", numberOption)
    .option('--tensorboard', 'also write TensorBoard events into the folder, where the runtime can')
    .action(action(({ args, command, context }) => train(args[0], command.opts<Options>(), context)));
}

async function train(file: string | undefined, options: Options, context: CommandContext): Promise<void> {
  const { out, resume = false } = options;
  const config = await findConfig(file, options);
  if (!resume && (await readRunConfig(out)) !== undefined) {
    throw new NetSpaceError('INVALID_OPTION', `train: ${out} holds a run already; go on with --resume or name another folder`);
  }
  const runtime = await context.startRuntime();
  const { space, entries, task, heldOut } = await prepareTraining(config);
  context.note(`${entries.length} instances, ${heldOut.length} held out; embeddings of ${space.config.embeddingSize} numbers`);
  const finish = await startRunRecord(out, { command: 'train', config, seed: config.seed, runtime });
  const { steps, batch, augment, learningRate, seed, readEvery, checkpointEvery } = config;
  const checkpoint = { storage: checkpointFile(join(out, 'checkpoint.safetensors')), every: checkpointEvery, resume };
  const metrics = metricsOf(out, options.tensorboard === true);
  const instances = entries.map(({ instance }) => instance);
  const identity = Object.fromEntries(entries.map(({ name, record }) => [name, record.sha256]));
  const bar = context.progress('training', steps);
  let last: TrainStep | undefined;
  try {
    const run = trainNetSpace(space, {
      ...{ instances, task, steps, batch, augment, learningRate, seed, readEvery, checkpoint, metrics, identity, signal: context.signal },
    });
    for await (const step of run) {
      last = { ...step, ...(step.losses === undefined && last?.losses && { losses: last.losses }) };
      bar.update(step.step, last.losses && `loss ${last.losses['loss']!.toPrecision(4)}`);
    }
    await space.save(fileHandler(out));
  } catch (error) {
    if (isNetSpaceError(error) && error.code === 'ABORTED') await finish('stopped', { step: last?.step });
    throw error;
  } finally {
    bar.stop();
  }
  const result = { space: out, steps, ...(last?.losses && { losses: last.losses }), heldOut };
  await finish('done', result);
  context.print(result, () => `space after ${steps} steps in ${out}`);
}

async function findConfig(file: string | undefined, { out, resume, zoo, data, steps, seed }: Options): Promise<TrainConfig> {
  const changes = Object.fromEntries(Object.entries({ zoo, data, steps, seed }).filter(([, value]) => value !== undefined));
  if (file !== undefined) return readConfigFile(file, trainConfigOptions, changes);
  const earlier = resume ? await readRunConfig(out) : undefined;
  const base = typeof earlier === 'object' && earlier !== null ? withoutRecordedDefaults(earlier) : {};
  return parseOptions(earlier === undefined ? 'train options' : join(out, 'run.json'), trainConfigOptions, { ...base, ...changes });
}

function metricsOf(out: string, withTensorBoard: boolean): MetricsSink {
  const file = metricsFile(join(out, 'metrics.jsonl'));
  if (!withTensorBoard) return file;
  const writer = summaryWriter(out);
  if (writer !== undefined) return allSinks(file, tensorBoard(writer));
  throw new NetSpaceError('UNAVAILABLE', 'train: expected a runtime that writes TensorBoard events, got none; use --runtime tensorflow');
}
