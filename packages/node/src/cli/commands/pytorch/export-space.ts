import { join } from 'node:path';

import { type RawTensor, writePyTorchCheckpoint, writeSafetensors } from '@netspace/formats';
import { stateDictsOf } from '@netspace/model';
import { type Command, Option } from 'commander';

import { checkOutput } from '../../../files/check-output.js';
import { writeAtomically } from '../../../files/write-atomically.js';
import { action, type CommandContext } from '../../command-context.js';
import { refuseFilled } from '../../export/refuse-filled.js';
import { openSpace } from '../../files/open-space.js';
import { PARTS_FILE, partsText } from '../../files/space-parts.js';

const FORMATS = ['pt', 'safetensors'] as const;

interface Options {
  readonly out: string;
  readonly format: (typeof FORMATS)[number];
}

const WRITERS: Readonly<Record<Options['format'], (tensors: ReadonlyMap<string, RawTensor>) => Uint8Array>> = {
  pt: writePyTorchCheckpoint,
  safetensors: (tensors) => writeSafetensors(tensors),
};

/** `netspace export-space SPACE --out DIR`: the state dicts of a space's encoder and decoder, for PyTorch. */
export function addExportSpace(program: Command): void {
  program
    .command('export-space')
    .description(
      "write a space as state dicts of the authors' PyTorch encoder and decoder, which netspace_space.py of @netspace/model loads",
    )
    .argument('<space>', 'folder of the space')
    .requiredOption('--out <dir>', 'new or empty folder for the files')
    .addOption(new Option('--format <name>', 'pt, which torch.load reads; safetensors').choices(FORMATS).default('pt'))
    .action(action(({ args, command, context }) => exportSpace(args[0]!, command.opts<Options>(), context)));
}

async function exportSpace(folder: string, { out, format }: Options, context: CommandContext): Promise<void> {
  await checkOutput('--out', out, 'folder');
  await refuseFilled('--out', out);
  await context.startRuntime();
  const space = await openSpace(folder, context);
  const { encoder, decoder, units } = await stateDictsOf(space);
  const architectures = space.architectures.map(({ name }) => name);
  const parts: Record<string, { readonly path: string; readonly bytes: Uint8Array }> = {};
  for (const [name, tensors] of Object.entries({ encoder, decoder, ...(units && { units }) })) {
    await context.throwIfStopped();
    const part = { path: join(out, `${name}.${format}`), bytes: WRITERS[format](tensors) };
    await writeAtomically(part.path, part.bytes);
    parts[name] = part;
  }
  const lists = [join(out, 'architectures.json'), join(out, PARTS_FILE)] as const;
  await writeAtomically(lists[0], `${JSON.stringify(architectures)}\n`);
  await writeAtomically(lists[1], partsText(parts));
  const files = [...Object.values(parts).map(({ path }) => path), ...lists];
  context.print({ files, architectures }, () => files.join('\n'));
  space.dispose();
}
