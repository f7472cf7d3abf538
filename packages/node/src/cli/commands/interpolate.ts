import { join } from 'node:path';

import { accuracy, interpolateWeights, walk } from '@netspace/explore';
import { type Instance, NetSpaceError, type StepProgress } from '@netspace/prep';
import { nextTask } from '@netspace/prep/internal';
import { extractMesh, writeStl } from '@netspace/shapes';
import { loadAll, type ImageDataset } from '@netspace/zoo';
import type { Command } from 'commander';

import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { checkOutput } from '../../files/check-output.js';
import { writeAtomically } from '../../files/write-atomically.js';
import { action, type CommandContext } from '../command-context.js';
import { writeInstance } from '../files/instance-file.js';
import { CLI_LIMITS, countOption } from '../options/number-option.js';
import { openSpace } from '../files/open-space.js';
import { openZoo } from '../files/open-zoo.js';
import { textTable } from '../output/text-table.js';
import { addRefineOption, isSpaceOfShapes, refinementOf, sameImages } from '../options/refine-option.js';
import { pickRecord } from '../options/zoo-options.js';

interface Options {
  readonly space: string;
  readonly zoo: string;
  readonly from: string;
  readonly to: string;
  readonly steps: number;
  readonly data?: string;
  readonly limit?: number;
  readonly out?: string;
  readonly refine?: number;
}

/** One network on the way; accuracies only with `--data`, volumes only of shapes. */
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
}

/** `netspace interpolate --space DIR --zoo DIR --from NAME --to NAME`: the networks on the line between two others. */
export function addInterpolate(program: Command): void {
  const command = program
    .command('interpolate')
    .description('walk through the space from one network of a zoo to another')
    .requiredOption('--space <dir>', 'folder of the space')
    .requiredOption('--zoo <dir>', 'folder of the zoo')
    .requiredOption('--from <name>', 'where to start: the name of a network, or its beginning')
    .requiredOption('--to <name>', 'where to end')
    .option('--steps <n>', 'networks on the way, both ends included', countOption(CLI_LIMITS.walk), 9)
    .option('--data <spec>', 'measure each network on these test images, and also the average of the weights of the two networks')
    .option('--limit <n>', 'only this many images, evenly spread', countOption(CLI_LIMITS.images))
    .option('--out <dir>', 'write each network into this folder as safetensors, and each shape also as a mesh, STL');
  addRefineOption(command, 'refine both ends in this many steps, on the training images of --data or on points').action(
    action(({ command, context }) => interpolate(command.opts<Options>(), context)),
  );
}

async function interpolate(options: Options, context: CommandContext): Promise<void> {
  const { space: folder, zoo, steps, data, limit, out, refine: refineSteps } = options;
  if (out !== undefined) await checkOutput('--out', out, 'folder');
  const { store, records } = await openZoo(zoo, { runs: [options.from, options.to] });
  const ends = [pickRecord(records, options.from, zoo), pickRecord(records, options.to, zoo)] as const;
  const [from, to] = [ends[0].name, ends[1].name];
  const source = data === undefined ? undefined : parseDatasetSpec(data);
  await context.startRuntime();
  const space = await openSpace(folder, context);
  const [a, b] = (await loadAll(store, ends, { signal: context.signal })).map(({ instance }) => instance);
  const search = await refinementOf('interpolate', space, { steps: refineSteps, source });
  const dataset = await source?.load('test');
  if (dataset !== undefined && search?.inputs !== undefined && sameImages(search.inputs, dataset)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `interpolate: expected --data with training images beside --refine, got ${data}, which are test images too; name a folder with both`,
    );
  }
  const bar = context.progress('steps of refinement', 2 * (refineSteps ?? 0));
  let done = 0; // ends
  const onStep = ({ step, steps: each }: StepProgress) => {
    bar.update(done * each + step);
    if (step === each) done++;
  };
  const refine = search && { refine: { ...search, signal: context.signal, onStep } };
  const { gammas, instances } = await walk(space, a!, b!, { steps, ...refine }).finally(() => bar.stop());
  const averages = a!.architecture.name === b!.architecture.name ? interpolateWeights(a!, b!, gammas) : undefined;
  const isShapes = isSpaceOfShapes(space);
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
      ...(dataset && (await measure(instance, averages?.[i], dataset, limit))),
    });
    made.update(i + 1);
  }
  made.stop();
  context.print({ from, to, stops }, () => {
    if (isShapes) {
      const table = textTable(
        ['γ', 'architecture', 'volume', 'parts', ...(out === undefined ? [] : ['mesh'])],
        stops.map(({ gamma, architecture, volume, parts, mesh }) => [gamma, architecture, volume, parts, ...(out === undefined ? [] : [mesh])]), // prettier-ignore
      );
      return out === undefined ? `${table}\n--out DIR writes a mesh of each` : table;
    }
    const rows = stops.map((stop) => [stop.gamma, stop.architecture, stop.accuracy, stop.weightAverageAccuracy]);
    return textTable(['γ', 'architecture', 'accuracy', 'average of weights'], rows);
  });
}

/** The shape of a network: its measures, and its mesh in a file if there is a place for it and the shape has an inside. */
async function surfaceOf(instance: Instance, path: string | undefined): Promise<Pick<Stop, 'mesh' | 'volume' | 'parts'>> {
  const mesh = await extractMesh(instance);
  const measures = { volume: mesh.volume, parts: mesh.components };
  if (path === undefined || mesh.indices.length === 0) return measures;
  await writeAtomically(`${path}.stl`, writeStl(mesh));
  return { ...measures, mesh: `${path}.stl` };
}

async function measure(
  instance: Instance,
  average: Instance | undefined,
  dataset: ImageDataset,
  limit: number | undefined,
): Promise<{ accuracy: number; weightAverageAccuracy: number | null }> {
  const options = limit === undefined ? {} : { limit };
  return {
    accuracy: await accuracy(instance, dataset, options),
    weightAverageAccuracy: average === undefined ? null : await accuracy(average, dataset, options),
  };
}
