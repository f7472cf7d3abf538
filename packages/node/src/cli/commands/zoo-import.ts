import { basename, extname } from 'node:path';

import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { architectureByName, openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import type { Command } from 'commander';

import { directoryFiles } from '../../files/directory-files.js';
import { checkOutput } from '../../files/check-output.js';
import { action, type CommandContext } from '../command-context.js';
import { readInstance } from '../files/instance-file.js';
import { counted } from '../output/counted.js';
import { numberOption } from '../options/number-option.js';
import { compareWithProbe, type ProbeResult } from '../probe.js';
import { addTensorOptions, readingOptions, type TensorOptions } from '../options/tensor-options.js';

interface Options extends TensorOptions {
  readonly out: string;
  readonly architecture: string;
  readonly name?: string;
  readonly probe?: string;
  readonly tolerance: number;
}

/** `netspace zoo import FILE… --architecture NAME --out DIR`: networks that were trained elsewhere. */
export function addZooImport(zoo: Command): void {
  addTensorOptions(
    zoo
      .command('import')
      .description('add networks from PyTorch checkpoints or safetensors to a zoo')
      .argument('<files...>', 'checkpoints of one architecture')
      .requiredOption('--out <dir>', 'folder of the zoo')
      .requiredOption('--architecture <name>', "the files' architecture, such as resnet8-3x32x32-10")
      .option('--name <name>', "the network's name in the zoo, for one file (default: the file's)")
      .option('--probe <file>', 'input and output that PyTorch saved (netspace_zoo.save_probe): refuse a network that computes otherwise')
      .option('--tolerance <fraction>', "largest difference, as a fraction of the outputs' largest size", numberOption, 1e-3),
  ).action(action(({ args, command, context }) => importFiles(args, command.opts<Options>(), context)));
}

async function importFiles(files: readonly string[], options: Options, context: CommandContext): Promise<void> {
  const { out, architecture: name, probe, tolerance } = options;
  if (files.length > 1 && (options.name !== undefined || probe !== undefined)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `zoo import: expected one file with --name or --probe, got ${files.length}; import them one by one`,
    );
  }
  await checkOutput('--out', out, 'folder');
  await context.startRuntime();
  const architecture = architectureByName(name);
  const store = openInstanceStore(directoryFiles(out));
  const names = files.map((file) => options.name ?? basename(file, extname(file)));
  checkNames({ names, files, there: (await store.list()).map((record) => record.name), out });
  const added: (ProbeResult & { name: string; file: string })[] = [];
  for (const [i, file] of files.entries()) {
    const instance = await readInstance(file, architecture, readingOptions(options)).catch((error: unknown) => {
      throw withAdded(error, added, out);
    });
    try {
      const compared = probe === undefined ? {} : await compareWithProbe(instance, probe, tolerance);
      const record = await store.add({ name: names[i]!, instance, epochs: 0, seed: 0, metrics: {} });
      added.push({ name: record.name, file, ...compared });
    } catch (error) {
      throw withAdded(error, added, out);
    } finally {
      tf.dispose([...instance.parameters]);
    }
  }
  context.print({ zoo: out, added }, () => [`${counted(added.length, 'network')} added to ${out}`, ...added.map((one) => one.name)].join('\n')); // prettier-ignore
}

interface Named {
  readonly names: readonly string[];
  readonly files: readonly string[];
  /** Names of the networks that are in the zoo already. */
  readonly there: readonly string[];
  readonly out: string;
}

/** Refuses a name that is taken before anything is added. */
function checkNames({ names, files, there, out }: Named): void {
  const i = names.findIndex((name, at) => there.includes(name) || names.indexOf(name) !== at);
  if (i < 0) return;
  const where = there.includes(names[i]!) ? `which is in ${out}` : `which ${files[names.indexOf(names[i]!)]!} has too`;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `zoo import: expected new names, got ${names[i]!} for ${files[i]!}, ${where}; nothing was added: leave it out, or import it alone with --name`,
  );
}

/** An error of one file, which says what went in before. */
function withAdded(error: unknown, added: readonly { readonly name: string }[], out: string): unknown {
  if (!isNetSpaceError(error) || added.length === 0) return error;
  const what = `${added.map(({ name }) => name).join(', ')} ${added.length === 1 ? 'is' : 'are'} in ${out} already; leave out what is there`;
  return new NetSpaceError(error.code, `${error.message}; ${what}`, { cause: error });
}
