import { join } from 'node:path';

import { accuracy, interpolateWeights, walk } from '@netspace/explore';
import { type Instance, NetSpaceError, type StepProgress } from '@netspace/prep';
import { loadAll, type ImageDataset } from '@netspace/zoo';
import type { Command } from 'commander';

import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { checkOutput } from '../../files/check-output.js';
import { action, type CommandContext } from '../command-context.js';
import { writeInstance } from '../files/instance-file.js';
import { CLI_LIMITS, countOption } from '../options/number-option.js';
import { openSpace } from '../files/open-space.js';
import { openZoo } from '../files/open-zoo.js';
import { textTable } from '../output/text-table.js';
import { addRefineOption, refinementOf, sameImages } from '../options/refine-option.js';
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

/** One network on the way; accuracies only with `--data`. */
interface Stop {
  readonly gamma: number;
  readonly classId: number;
  readonly architecture: string;
  readonly file?: string;
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
    .requiredOption('--from <name>', 'where to start')
    .requiredOption('--to <name>', 'where to end')
    .option('--steps <n>', 'networks on the way, both ends included', countOption(CLI_LIMITS.walk), 9)
    .option('--data <spec>', 'measure each network on these test images, beside the average of the two networks’ weights')
    .option('--limit <n>', 'only this many images, evenly spread', countOption(CLI_LIMITS.images))
    .option('--out <dir>', 'write each network as safetensors into this folder');
  addRefineOption(command, 'refine both ends in this many steps, on the training images of --data or on points').action(
    action(({ command, context }) => interpolate(command.opts<Options>(), context)),
  );
}

async function interpolate(options: Options, context: CommandContext): Promise<void> {
  const { space: folder, zoo, from, to, steps, data, limit, out, refine: refineSteps } = options;
  if (out !== undefined) await checkOutput('--out', out, 'folder');
  const { store, records } = await openZoo(zoo);
  const ends = [pickRecord(records, from, zoo), pickRecord(records, to, zoo)];
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
  const stops: Stop[] = [];
  for (const [i, instance] of instances.entries()) {
    const file = out === undefined ? undefined : await writeInstance(join(out, `${from}--${to}-${i}`), instance);
    stops.push({
      ...{ gamma: gammas[i]!, classId: instance.classId, architecture: instance.architecture.name, ...(file && { file }) },
      ...(dataset && (await measure(instance, averages?.[i], dataset, limit))),
    });
  }
  context.print({ from, to, stops }, () => {
    const rows = stops.map((stop) => [stop.gamma, stop.architecture, stop.accuracy, stop.weightAverageAccuracy]);
    return textTable(['γ', 'architecture', 'accuracy', 'average of weights'], rows);
  });
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
