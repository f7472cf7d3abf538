import { join } from 'node:path';

import { accuracy, latentObjective, optimizeLatent, teacherBatch } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import { disposeInstances, NetSpaceError } from '@netspace/prep';
import { type ImageDataset, loadAll } from '@netspace/zoo';
import type * as tf from '@tensorflow/tfjs-core';
import type { Command } from 'commander';

import { nameOfArchitecture } from '../../architectures/named-architecture.js';
import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { metricsFile } from '../../metrics/metrics-file.js';
import { shuffledBatches } from '@netspace/train/internal';
import { checkOutput } from '../../files/check-output.js';
import { action, type CommandContext } from '../command-context.js';
import { writeEmbeddings } from '../files/embedding-file.js';
import { writeInstance } from '../files/instance-file.js';
import { CLI_LIMITS, countOption, numberOption } from '../options/number-option.js';
import { openSpace } from '../files/open-space.js';
import { openZoo } from '../files/open-zoo.js';
import { finishAfter, startRunRecord } from '../../runs/run-record.js';
import { pickRecord } from '../options/zoo-options.js';

interface Options {
  readonly space: string;
  readonly zoo: string;
  readonly start: string;
  readonly teacher: string;
  readonly data: string;
  readonly architecture?: string;
  readonly steps: number;
  readonly learningRate: number;
  readonly images: number;
  readonly seed: number;
  readonly limit?: number;
  readonly out: string;
}

/** `netspace optimize`: moves an embedding, decoder frozen, until the network it decodes to does what a teacher does. */
export function addOptimize(program: Command): void {
  program
    .command('optimize')
    .description('latent space optimization of classifiers: move an embedding until its network does what a teacher does')
    .requiredOption('--space <dir>', 'folder of the space')
    .requiredOption('--zoo <dir>', 'folder of the zoo')
    .requiredOption('--start <name>', 'the network whose embedding is moved: its name, or the beginning of its name')
    .requiredOption('--teacher <name>', 'the network to imitate')
    .requiredOption('--data <spec>', 'images: mnist, cifar10:PATH, tiny-imagenet:PATH')
    .requiredOption('--out <dir>', 'folder for the embedding, the network, metrics.jsonl and run.json')
    .option('--architecture <name>', "the architecture to end at (default: the start's)")
    .option('--steps <n>', 'steps of Adam', countOption(CLI_LIMITS.latentSteps), 100)
    .option('--learning-rate <rate>', 'learning rate of Adam, in units of the embedding', numberOption, 0.03)
    .option('--images <n>', 'images per step', countOption(CLI_LIMITS.images), 128)
    .option('--seed <n>', 'seed of the order of the images', numberOption, 0)
    .option('--limit <n>', 'measure on only this many test images, evenly spread', countOption(CLI_LIMITS.images))
    .action(action(({ command, context }) => optimize(command.opts<Options>(), context)));
}

async function optimize(options: Options, context: CommandContext): Promise<void> {
  const { zoo, out, steps, learningRate, seed, limit } = options;
  await checkOutput('--out', out, 'folder');
  const { store, records } = await openZoo(zoo, { runs: [options.start, options.teacher] });
  const picked = [pickRecord(records, options.start, zoo), pickRecord(records, options.teacher, zoo)];
  const source = parseDatasetSpec(options.data);
  const runtime = await context.startRuntime();
  const space = await openSpace(options.space, context);
  const [start, teacher] = (await loadAll(store, picked, { signal: context.signal })).map(({ instance }) => instance);
  for (const [i, { architecture }] of [start!, teacher!].entries()) {
    if (architecture.purpose === 'classifier') continue;
    throw new NetSpaceError('UNSUPPORTED', `optimize: expected classifiers, got ${picked[i]!.name}, whose architecture ${architecture.name} is for: ${architecture.purpose ?? 'other'}; for shapes use encode --refine, or optimizeLatent in a program`); // prettier-ignore
  }
  const classId = space.classIdOf(options.architecture === undefined ? start! : await nameOfArchitecture(options.architecture));
  const [train, test] = [await source.load('train'), await source.load('test')];
  const finish = await startRunRecord(out, { command: 'optimize', config: options, seed, runtime });
  try {
    const metrics = metricsFile(join(out, 'metrics.jsonl'));
    const embedding = space.encode([start!]);
    const before = await accuracyOf(space, embedding, classId, test, limit);
    const bar = context.progress('optimize', steps);
    const images = { count: train.count, size: options.images, stream: 'images' };
    const batches = shuffledBatches({ ...images, seed, caller: 'optimize', option: '--images' });
    const loss = latentObjective({ space, batch: (step) => teacherBatch(train, batches(step), teacher!), classId });
    const onStep = ({ step, loss: value }: { readonly step: number; readonly loss: number }) =>
      bar.update(Math.min(step, steps), `loss ${value.toPrecision(4)}`);
    const found = await optimizeLatent(space, embedding, {
      loss,
      steps,
      learningRate,
      keep: 'last',
      signal: context.signal,
      onStep,
    }).finally(() => bar.stop());
    await metrics.startAfter(0);
    for (const [step, value] of found.losses.entries()) await metrics.write({ step, loss: value });
    const after = await accuracyOf(space, found.embedding, classId, test, limit);
    const [instance] = space.instantiateAs(found.embedding, [classId]);
    await writeEmbeddings(join(out, 'embedding.safetensors'), { names: [picked[0]!.name], embeddings: found.embedding }, space);
    await writeInstance(join(out, 'instance'), instance!);
    const result = { before, after, classId, architecture: instance!.architecture.name, losses: [found.losses[0], found.losses.at(-1)] };
    await finish('done', result);
    context.print({ ...result, out }, () => `accuracy ${before.toFixed(3)} → ${after.toFixed(3)}; embedding and network in ${out}`);
  } catch (error) {
    await finishAfter(finish, error, {});
    throw error;
  }
}

async function accuracyOf(
  space: NetSpace,
  embedding: tf.Tensor2D,
  classId: number,
  test: ImageDataset,
  limit: number | undefined,
): Promise<number> {
  const [instance] = space.instantiateAs(embedding, [classId]);
  const value = await accuracy(instance!, test, limit === undefined ? {} : { limit });
  disposeInstances([instance!]);
  return value;
}
