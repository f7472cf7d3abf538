import { join } from 'node:path';

import { optimizeLatent } from '@netspace/explore';
import { disposeInstances } from '@netspace/prep';
import { loadAll } from '@netspace/zoo';
import type * as tf from '@tensorflow/tfjs-core';
import type { Command } from 'commander';

import { nameOfArchitecture } from '../../architectures/named-architecture.js';
import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { metricsFile } from '../../metrics/metrics-file.js';
import { checkOutput } from '../../files/check-output.js';
import { action, type CommandContext } from '../command-context.js';
import { writeEmbeddings } from '../files/embedding-file.js';
import { writeInstance } from '../files/instance-file.js';
import { addTaskOption, type MeasuredTask, taskOfSpace } from '../measured-task.js';
import { goalOf } from '../optimize-goal.js';
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
  readonly data?: string;
  readonly task?: MeasuredTask;
  readonly head?: string;
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
  addTaskOption(
    program.command('optimize').description('latent space optimization: move an embedding until its network does what a teacher does'),
  )
    .requiredOption('--space <dir>', 'folder of the space')
    .requiredOption('--zoo <dir>', 'folder of the zoo')
    .requiredOption('--start <name>', 'the network whose embedding is moved: its name, or a part that only its name has')
    .requiredOption('--teacher <name>', 'the network to imitate')
    .option(
      '--data <spec>',
      'images, or a file of tensors: mnist, cifar10:PATH, tiny-imagenet:PATH, train.npz; not needed for networks of coordinates',
    )
    .requiredOption('--out <dir>', 'folder for the embedding, the network, metrics.jsonl and run.json')
    .option('--architecture <name>', "the architecture to end at (default: the start's)")
    .option('--steps <n>', 'steps of Adam', countOption(CLI_LIMITS.latentSteps), 100)
    .option('--learning-rate <rate>', 'learning rate of Adam, in units of the embedding', numberOption, 0.03)
    .option('--images <n>', 'inputs per step', countOption(CLI_LIMITS.images), 128)
    .option('--seed <n>', 'seed of the order of the inputs', numberOption, 0)
    .option('--limit <n>', 'measure on only this many test inputs, evenly spread', countOption(CLI_LIMITS.images))
    .action(action(({ command, context }) => optimize(command.opts<Options>(), context)));
}

async function optimize(options: Options, context: CommandContext): Promise<void> {
  const { zoo, out, steps, learningRate, seed } = options;
  await checkOutput('--out', out, 'folder');
  const { store, records } = await openZoo(zoo, { ...context, runs: [options.start, options.teacher] });
  const picked = [pickRecord(records, options.start, zoo, context), pickRecord(records, options.teacher, zoo, context)];
  const source = options.data === undefined ? undefined : parseDatasetSpec(options.data);
  const runtime = await context.startRuntime();
  const space = await openSpace(options.space, context, [zoo]);
  const [start, teacher] = (await loadAll(store, picked, { signal: context.signal })).map(({ instance }) => instance);
  const task = await taskOfSpace('optimize', space, { folder: options.space, given: options.task, head: options.head });
  const goal = await goalOf({ ...options, space, teacher: teacher!, source, task });
  const classId = space.classIdOf(options.architecture === undefined ? start! : await nameOfArchitecture(options.architecture));
  const finish = await startRunRecord(out, { command: 'optimize', config: options, seed, runtime });
  try {
    const metrics = metricsFile(join(out, 'metrics.jsonl'));
    const embedding = space.encode([start!]);
    const measure = async (at: tf.Tensor2D): Promise<number> => {
      const [instance] = space.instantiateAs(at, [classId]);
      return goal.measure(instance!).finally(() => disposeInstances([instance!]));
    };
    const before = await measure(embedding);
    const bar = context.progress('optimize', steps);
    const onStep = ({ step, loss: value }: { readonly step: number; readonly loss: number }) =>
      bar.update(Math.min(step, steps), `loss ${value.toPrecision(4)}`);
    const found = await optimizeLatent(space, embedding, {
      loss: goal.objective(classId),
      steps,
      learningRate,
      keep: 'last',
      signal: context.signal,
      onStep,
    }).finally(() => bar.stop());
    await metrics.startAfter(0);
    for (const [step, value] of found.losses.entries()) await metrics.write({ step, loss: value });
    const after = await measure(found.embedding);
    const [instance] = space.instantiateAs(found.embedding, [classId]);
    await writeEmbeddings(join(out, 'embedding.safetensors'), { names: [picked[0]!.name], embeddings: found.embedding }, space);
    await writeInstance(join(out, 'instance'), instance!);
    const result = { before, after, classId, architecture: instance!.architecture.name, losses: [found.losses[0], found.losses.at(-1)] };
    await finish('done', result);
    context.print(
      { measure: goal.name, ...result, out },
      () => `${goal.name} ${goal.show(before)} → ${goal.show(after)}; embedding and network in ${out}`,
    );
  } catch (error) {
    await finishAfter(finish, error, {});
    throw error;
  }
}
