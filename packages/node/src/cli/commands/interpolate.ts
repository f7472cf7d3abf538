import { join } from 'node:path';

import { accuracy, align, interpolateWeights, walk } from '@netspace/explore';
import { disposeInstances, type Instance, NetSpaceError, type StepProgress } from '@netspace/prep';
import { nextTask } from '@netspace/prep/internal';
import { extractMesh, writeStl } from '@netspace/shapes';
import { type Dataset, loadAll, targetError } from '@netspace/zoo';
import type { Command } from 'commander';

import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { checkOutput } from '../../files/check-output.js';
import { writeAtomically } from '../../files/write-atomically.js';
import { action, type CommandContext } from '../command-context.js';
import { writeInstance } from '../files/instance-file.js';
import { noteFreeEmbeddings } from '../files/free-embeddings.js';
import { CLI_LIMITS, countOption } from '../options/number-option.js';
import { openSpace } from '../files/open-space.js';
import { openZoo } from '../files/open-zoo.js';
import { type NetworkProgress, networkProgress } from '../output/network-progress.js';
import { textTable } from '../output/text-table.js';
import { addTaskOption, labeled, type MeasuredTask, type SpaceTask, taskOfSpace } from '../measured-task.js';
import { addRefineOption, refinementOf, refuseSameHalves } from '../options/refine-option.js';
import { pickRecord } from '../options/zoo-options.js';

interface Options {
  readonly space: string;
  readonly zoo: string;
  readonly from: string;
  readonly to: string;
  readonly steps: number;
  readonly data?: string;
  readonly task?: MeasuredTask;
  readonly head?: string;
  readonly limit?: number;
  readonly out?: string;
  readonly refine?: number;
}

/** One network on the way; accuracies, or errors against the targets of the data, only with `--data`, volumes only of shapes. */
interface Stop {
  readonly gamma: number;
  readonly classId: number;
  readonly architecture: string;
  readonly file?: string;
  /** The surface of a shape, as STL; with `--out`, of a shape that has an inside. */
  readonly mesh?: string;
  /** Of a shape: its volume, and into how many parts it falls. */
  readonly volume?: number;
  readonly parts?: number;
  readonly accuracy?: number;
  /** Null where the ends are of two architectures. */
  readonly weightAverageAccuracy?: number | null;
  /** The same of the ends' weights after the hidden units of one were put in the order of the other's: the fairer baseline. */
  readonly alignedAverageAccuracy?: number | null;
  readonly mse?: number;
  readonly r2?: number | null;
  readonly weightAverageMse?: number | null;
  readonly alignedAverageMse?: number | null;
}

/** `netspace interpolate --space DIR --zoo DIR --from NAME --to NAME`: the networks on the line between two others. */
export function addInterpolate(program: Command): void {
  const command = addTaskOption(
    program
      .command('interpolate')
      .description('walk through the space from one network of a zoo to another')
      .requiredOption('--space <dir>', 'folder of the space')
      .requiredOption('--zoo <dir>', 'folder of the zoo')
      .requiredOption('--from <name>', 'where to start: the name of a network, or a part that only its name has')
      .requiredOption('--to <name>', 'where to end')
      .option('--steps <n>', 'networks on the way, both ends included', countOption(CLI_LIMITS.walk), 9)
      .option(
        '--data <spec>',
        'measure each network on these test images, or tensors with targets, and also the average of the weights of the two networks, as they are and with their hidden units aligned',
      )
      .option('--limit <n>', 'only this many inputs, evenly spread', countOption(CLI_LIMITS.images))
      .option('--out <dir>', 'write each network into this folder as safetensors, and each shape also as a mesh, STL'),
  );
  addRefineOption(command, 'refine both ends in this many steps, on the training half of --data or on points').action(
    action(({ command, context }) => interpolate(command.opts<Options>(), context)),
  );
}

async function interpolate(options: Options, context: CommandContext): Promise<void> {
  const { space: folder, zoo, steps, data, limit, out, refine: refineSteps } = options;
  if (out !== undefined) await checkOutput('--out', out, 'folder');
  const { store, records } = await openZoo(zoo, { ...context, runs: [options.from, options.to] });
  const ends = [pickRecord(records, options.from, zoo, context), pickRecord(records, options.to, zoo, context)] as const;
  const [from, to] = [ends[0].name, ends[1].name];
  const source = data === undefined ? undefined : parseDatasetSpec(data);
  await context.startRuntime();
  const space = await openSpace(folder, context, [zoo]);
  await noteFreeEmbeddings(folder, options, context);
  const [a, b] = (await loadAll(store, ends, { signal: context.signal })).map(({ instance }) => instance);
  const task = await taskOfSpace('interpolate', space, { folder, given: options.task, head: options.head });
  const search = await refinementOf('interpolate', space, { folder, steps: refineSteps, source, task });
  const dataset = await source?.load('test');
  refuseSameHalves('interpolate', { refine: search, dataset, data });
  const bar = networkProgress('interpolate', { names: search === undefined ? [] : [from, to], refine: refineSteps }, context);
  const refine = search && { refine: { ...search, signal: context.signal, onStep: stepsOfEnds(bar) } };
  const { gammas, instances } = await bar.until(walk(space, a!, b!, { steps, ...refine }), 'nothing is written');
  const averages = a!.architecture.name === b!.architecture.name ? interpolateWeights(a!, b!, gammas) : undefined;
  const aligned = averages && dataset && (await alignedAverages(a!, b!, gammas));
  const isShapes = task.task === 'sdf';
  const stops: Stop[] = [];
  const made = context.progress('networks', instances.length);
  for (const [i, instance] of instances.entries()) {
    await nextTask(); // lets the signal in
    if (context.signal.aborted) {
      made.stop();
      throw new NetSpaceError('ABORTED', `interpolate: stopped after ${i} of ${instances.length} networks`);
    }
    const path = out === undefined ? undefined : join(out, `${from}--${to}-${i}`);
    const file = path && (await writeInstance(path, instance));
    stops.push({
      ...{ gamma: gammas[i]!, classId: instance.classId, architecture: instance.architecture.name, ...(file && { file }) },
      ...(isShapes && (await surfaceOf(instance, path))),
      ...(dataset && (await measure({ instance, average: averages?.[i], aligned: aligned?.[i], dataset, task, limit }))),
    });
    made.update(i + 1);
  }
  made.stop();
  const table = (): string => {
    if (isShapes) {
      const table = textTable(
        ['γ', 'architecture', 'volume', 'parts', ...(out === undefined ? [] : ['mesh'])],
        stops.map(({ gamma, architecture, volume, parts, mesh }) => [gamma, architecture, volume, parts, ...(out === undefined ? [] : [mesh])]), // prettier-ignore
      );
      return out === undefined ? `${table}\n--out DIR writes a mesh of each` : table;
    }
    if (dataset === undefined) {
      const rows = textTable(['γ', 'architecture', ...(out === undefined ? [] : ['file'])], stops.map(({ gamma, architecture, file }) => [gamma, architecture, ...(out === undefined ? [] : [file])])); // prettier-ignore
      return `${rows}\n--data SPEC measures each of these networks`;
    }
    if (task.task === 'classification') {
      const rows = stops.map((stop) => [stop.gamma, stop.architecture, stop.accuracy, stop.weightAverageAccuracy, stop.alignedAverageAccuracy]); // prettier-ignore
      return textTable(['γ', 'architecture', 'accuracy', 'average of weights', 'after alignment'], rows);
    }
    const rows = stops.map((stop) => [stop.gamma, stop.architecture, small(stop.mse), stop.r2, small(stop.weightAverageMse), small(stop.alignedAverageMse)]); // prettier-ignore
    return textTable(['γ', 'architecture', 'MSE', 'R²', 'MSE of average of weights', 'after alignment'], rows);
  };
  context.print({ from, to, stops }, () => `from ${from} (γ = 0) to ${to} (γ = 1)\n${table()}`);
}

/** A walk says no more of its ends than their steps: the last one ends the first end. */
const stepsOfEnds = (bar: NetworkProgress) => (at: StepProgress) => {
  bar.onStep(at);
  if (at.step === at.steps) bar.ended();
};

/** The shape of a network: its measures, and its mesh in a file if there is a place for it and the shape has an inside. */
async function surfaceOf(instance: Instance, path: string | undefined): Promise<Pick<Stop, 'mesh' | 'volume' | 'parts'>> {
  const mesh = await extractMesh(instance);
  const measures = { volume: mesh.volume, parts: mesh.components };
  if (path === undefined || mesh.indices.length === 0) return measures;
  await writeAtomically(`${path}.stl`, writeStl(mesh));
  return { ...measures, mesh: `${path}.stl` };
}

/** Averages of the weights of two networks, hidden units of the second in the order in which they match those of the first. */
async function alignedAverages(a: Instance, b: Instance, gammas: readonly number[]): Promise<readonly Instance[]> {
  const { instance } = await align(a, b, { by: 'weights' });
  try {
    return interpolateWeights(a, instance, gammas);
  } finally {
    disposeInstances([instance]);
  }
}

const small = (value: number | null | undefined): string | undefined => value?.toExponential(3);

interface Measured {
  readonly instance: Instance;
  readonly average: Instance | undefined;
  readonly aligned: Instance | undefined;
  readonly dataset: Dataset;
  readonly task: SpaceTask;
  readonly limit: number | undefined;
}

async function measure({ instance, average, aligned, dataset, task, limit }: Measured): Promise<Partial<Stop>> {
  const options = { ...task.head, ...(limit !== undefined && { limit }) };
  if (task.task === 'classification') {
    const images = labeled('interpolate', dataset);
    return {
      accuracy: await accuracy(instance, images, options),
      weightAverageAccuracy: average === undefined ? null : await accuracy(average, images, options),
      alignedAverageAccuracy: aligned === undefined ? null : await accuracy(aligned, images, options),
    };
  }
  return {
    ...(await targetError(instance, dataset, options)),
    weightAverageMse: average === undefined ? null : (await targetError(average, dataset, options)).mse,
    alignedAverageMse: aligned === undefined ? null : (await targetError(aligned, dataset, options)).mse,
  };
}
