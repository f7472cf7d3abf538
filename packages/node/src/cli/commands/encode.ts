import { existsSync } from 'node:fs';

import { abortedSearch, refineEmbedding } from '@netspace/explore';
import { isNetSpaceError, NetSpaceError, type Instance } from '@netspace/prep';
import { loadAll } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import type { Command } from 'commander';

import { architecturesIn } from '../../architectures/architectures-in.js';
import { namedArchitecture } from '../../architectures/named-architecture.js';
import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { checkOutput } from '../../files/check-output.js';
import { action, type CommandContext } from '../command-context.js';
import { checkKnown } from '../files/check-known.js';
import { writeEmbeddings } from '../files/embedding-file.js';
import { readInstance } from '../files/instance-file.js';
import { distinctNames } from '../files/distinct-names.js';
import { noteFreeEmbeddings } from '../files/free-embeddings.js';
import { openSpace } from '../files/open-space.js';
import { openZoo } from '../files/open-zoo.js';
import { counted } from '../output/counted.js';
import { networkProgress } from '../output/network-progress.js';
import { taskOfSpace } from '../measured-task.js';
import { addRefineOption, refinementOf } from '../options/refine-option.js';
import { addTensorOptions, readingOptions, type TensorOptions } from '../options/tensor-options.js';
import { pickRecords } from '../options/zoo-options.js';

interface Options extends TensorOptions {
  readonly space: string;
  readonly zoo?: string;
  readonly instance?: readonly string[];
  readonly architecture?: string;
  readonly out?: string;
  readonly refine?: number;
  readonly data?: string;
}

/** `netspace encode --space DIR (--zoo DIR | FILE… --architecture NAME)`: networks into embeddings. */
export function addEncode(program: Command): void {
  const command = addTensorOptions(
    program
      .command('encode')
      .description('encode networks of a zoo, or of safetensors, PyTorch and ONNX files, into embeddings')
      .argument('[files...]', 'safetensors, PyTorch or ONNX files of one architecture')
      .requiredOption('--space <dir>', 'folder of the space')
      .option('--zoo <dir>', 'encode the networks of this zoo')
      .option('--instance <name...>', 'only these instances of the zoo: names, or parts that only one name has')
      .option(
        '--architecture <name>',
        "the files' architecture: a name such as resnet8-3x32x32-10, or an ONNX file or the model.json of one of them",
      )
      .option('--out <file>', 'write the embeddings as safetensors; a file that is there is replaced')
      .option(
        '--data <spec>',
        'for --refine of networks that are no shapes: mnist, cifar10:PATH, tiny-imagenet:PATH, train.npz; its training half is used',
      ),
  );
  addRefineOption(command, 'refine each embedding in this many steps, until its network does what the encoded one does').action(
    action(({ args, command, context }) => encode(args, command.opts<Options>(), context)),
  );
}

async function encode(files: readonly string[], options: Options, context: CommandContext): Promise<void> {
  if (options.out !== undefined) await checkOutput('--out', options.out, 'file');
  checkSources(files, options, context.json);
  const source = options.data === undefined ? undefined : parseDatasetSpec(options.data);
  await context.startRuntime();
  const space = await openSpace(options.space, context, options.zoo === undefined ? [] : [options.zoo]);
  await noteFreeEmbeddings(options.space, options, context);
  const task = await taskOfSpace('encode', space, { folder: options.space });
  const refine = await refinementOf('encode', space, { folder: options.space, steps: options.refine, source, task });
  const named = await findInstances(files, options, context);
  checkKnown(
    'encode',
    space,
    options.space,
    named.map(({ name, instance }) => ({
      what: options.zoo === undefined ? name : `${name} in ${options.zoo}`,
      architecture: instance.architecture.name,
    })),
  );
  const names = named.map(({ name }) => name);
  const rows: tf.Tensor2D[] = [];
  const distances: { readonly before: number; readonly after: number }[] = []; // with --refine, one a network
  const write = async (path: string): Promise<tf.Tensor2D> => {
    const embeddings = tf.concat(rows, 0);
    await writeEmbeddings(path, { names: names.slice(0, rows.length), embeddings }, space);
    return embeddings;
  };
  const bar = networkProgress('encode', { names, refine: options.refine }, context);
  try {
    for (const { instance } of named) {
      await context.throwIfStopped();
      if (refine === undefined) rows.push(space.encode([instance])); // one by one: any number of them fits
      else {
        const { embedding, ...search } = await refineEmbedding(space, instance, { ...refine, signal: context.signal, onStep: bar.onStep });
        rows.push(embedding);
        distances.push(search);
      }
      bar.ended();
    }
  } catch (error) {
    abortedSearch(error)?.embedding.dispose(); // half refined
    const isStopped = isNetSpaceError(error) && error.code === 'ABORTED';
    const kept = refine === undefined || !isStopped ? undefined : await keepRefined(rows.length, options.out, write);
    const share = `${rows.length} of ${counted(names.length, 'network')}`;
    throw bar.where(error, () => (kept === undefined ? `${share} were done, and nothing is written` : `${share}, refined, are in ${kept}`));
  } finally {
    bar.stop();
  }
  const embeddings = options.out === undefined ? tf.concat(rows, 0) : await write(options.out);
  const values = context.json ? await embeddings.array() : [];
  const told = names.map((name, i) => ({ name, embedding: values[i], ...distances[i] }));
  context.print({ embeddings: told, ...(options.out && { file: options.out }) }, () =>
    [
      `${counted(names.length, 'network')} as [${embeddings.shape}] in ${options.out}`,
      ...names.map((name, i) => {
        const search = distances[i];
        return search === undefined ? name : `${name}  distance ${search.before.toPrecision(3)} → ${search.after.toPrecision(3)}`;
      }),
    ].join('\n'),
  );
}

/** Writes what was refined before an interruption, beside a file that is there already; gives the file, or undefined if there is nothing to write. */
async function keepRefined(count: number, out: string | undefined, write: (path: string) => Promise<unknown>): Promise<string | undefined> {
  if (out === undefined || count === 0) return undefined;
  const path = freeFile(out);
  await write(path);
  return path;
}

/** The file, unless it is there; else one beside it that no run has written yet, which is never replaced. */
function freeFile(out: string): string {
  for (let n = 0; ; n++) {
    const path = n === 0 ? out : n === 1 ? `${out}.partial` : `${out}.partial-${n}`;
    if (!existsSync(path)) return path;
  }
}

/** Refuses what names no networks, or names nothing to do with their embeddings, before anything is computed. */
function checkSources(files: readonly string[], { zoo, architecture, out, data, refine }: Options, json: boolean): void {
  if (data !== undefined && refine === undefined) {
    throw new NetSpaceError('INVALID_OPTION', `encode: expected no --data without --refine, got ${data}; leave it out`);
  }
  if ((zoo !== undefined) === files.length > 0 || (files.length > 0 && architecture === undefined)) {
    throw new NetSpaceError('INVALID_OPTION', 'encode: expected either --zoo, or files and their --architecture');
  }
  if (out === undefined && !json) {
    throw new NetSpaceError('INVALID_OPTION', 'encode: expected --out to write the embeddings to, or --json to print them, got neither');
  }
}

interface NamedInstance {
  readonly name: string;
  readonly instance: Instance;
}

async function findInstances(
  files: readonly string[],
  { space, zoo, instance, architecture, ...tensors }: Options,
  context: CommandContext,
): Promise<readonly NamedInstance[]> {
  if (zoo !== undefined) {
    const { store, records } = await openZoo(zoo, { ...context, runs: instance });
    return loadAll(store, pickRecords(records, instance, zoo, context), { signal: context.signal });
  }
  const known = await namedArchitecture(architecture!, { find: await architecturesIn(space) });
  const named: NamedInstance[] = [];
  for (const [i, name] of distinctNames(files).entries()) {
    named.push({ name, instance: await readInstance(files[i]!, known, readingOptions(tensors)) });
  }
  return named;
}
