import { basename, extname } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import { architectureByName, openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import type { Command } from 'commander';

import { directoryFiles } from '../../files/directory-files.js';
import { checkOutput } from '../../files/check-output.js';
import { action, type CommandContext } from '../command-context.js';
import { readInstance } from '../files/instance-file.js';
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
  const added: (ProbeResult & { name: string; file: string })[] = [];
  for (const file of files) {
    const instance = await readInstance(file, architecture, readingOptions(options));
    try {
      const compared = probe === undefined ? {} : await compareWithProbe(instance, probe, tolerance);
      const record = await store.add({ name: options.name ?? basename(file, extname(file)), instance, epochs: 0, seed: 0, metrics: {} });
      added.push({ name: record.name, file, ...compared });
    } finally {
      tf.dispose([...instance.parameters]);
    }
  }
  context.print({ zoo: out, added }, () => [`${added.length} networks added to ${out}`, ...added.map((one) => one.name)].join('\n'));
}
