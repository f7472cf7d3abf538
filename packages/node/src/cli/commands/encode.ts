import { basename, extname } from 'node:path';

import { NetSpaceError, type Instance } from '@netspace/prep';
import { architectureByName, loadAll } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import type { Command } from 'commander';

import { action, type CommandContext } from '../command-context.js';
import { writeEmbeddings } from '../embedding-file.js';
import { readInstance } from '../instance-file.js';
import { openSpace } from '../open-space.js';
import { openZoo } from '../open-zoo.js';
import { addTensorOptions, readingOptions, type TensorOptions } from '../tensor-options.js';
import { pickRecords } from '../zoo-options.js';

interface Options extends TensorOptions {
  readonly space: string;
  readonly zoo?: string;
  readonly instance?: readonly string[];
  readonly architecture?: string;
  readonly out?: string;
}

/** `netspace encode --space DIR (--zoo DIR | FILE… --architecture NAME)`: networks into embeddings. */
export function addEncode(program: Command): void {
  addTensorOptions(
    program
      .command('encode')
      .description('encode networks of a zoo, or of safetensors and PyTorch files, into embeddings')
      .argument('[files...]', 'safetensors or PyTorch checkpoints of one architecture')
      .requiredOption('--space <dir>', 'folder of the space')
      .option('--zoo <dir>', 'encode the networks of this zoo')
      .option('--instance <name...>', 'only these instances of the zoo')
      .option('--architecture <name>', "the files' architecture, such as resnet8-3x32x32-10")
      .option('--out <file>', 'write the embeddings as safetensors'),
  ).action(action(({ args, command, context }) => encode(args, command.opts<Options>(), context)));
}

async function encode(files: readonly string[], options: Options, context: CommandContext): Promise<void> {
  await context.startRuntime();
  const space = await openSpace(options.space);
  const named = await findInstances(files, options);
  const rows = named.map(({ instance }) => space.encode([instance])); // one by one: any number of them fits
  const embeddings = tf.concat(rows, 0);
  const names = named.map(({ name }) => name);
  if (options.out !== undefined) await writeEmbeddings(options.out, { names, embeddings });
  const values = context.json ? await embeddings.array() : [];
  context.print({ embeddings: names.map((name, i) => ({ name, embedding: values[i] })), ...(options.out && { file: options.out }) }, () =>
    [`${names.length} networks as [${embeddings.shape}]${options.out === undefined ? '' : ` in ${options.out}`}`, ...names].join('\n'),
  );
}

async function findInstances(
  files: readonly string[],
  { zoo, instance, architecture, ...tensors }: Options,
): Promise<readonly { readonly name: string; readonly instance: Instance }[]> {
  if (zoo !== undefined && files.length === 0) {
    const { store, records } = await openZoo(zoo);
    return loadAll(store, pickRecords(records, instance, zoo));
  }
  if (zoo !== undefined || files.length === 0 || architecture === undefined) {
    throw new NetSpaceError('INVALID_OPTION', 'encode: expected either --zoo, or files and their --architecture');
  }
  const known = architectureByName(architecture);
  return Promise.all(
    files.map(async (file) => ({
      name: basename(file, extname(file)),
      instance: await readInstance(file, known, readingOptions(tensors)),
    })),
  );
}
