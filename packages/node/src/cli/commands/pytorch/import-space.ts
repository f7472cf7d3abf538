import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

import { type CheckpointTensors, readCheckpoint } from '@netspace/formats';
import { netSpaceFromStateDicts } from '@netspace/model';
import { NetSpaceError } from '@netspace/prep';
import type { Command } from 'commander';

import { keepArchitectures } from '../../../architectures/architectures-in.js';
import { namedArchitecture } from '../../../architectures/named-architecture.js';
import { checkOutput } from '../../../files/check-output.js';
import { fileHandler } from '../../../files/file-handler.js';
import { ofFile } from '../../../files/of-file.js';
import { action, type CommandContext } from '../../command-context.js';
import { refuseFilled } from '../../export/refuse-filled.js';
import { readBytes } from '../../files/instance-file.js';
import { refuseStrangers } from '../../files/space-parts.js';

interface Options {
  readonly architecture: readonly string[];
  readonly units?: string;
  readonly out: string;
}

/** `netspace import-space ENCODER DECODER --architecture NAME… --out DIR`: a space that the authors' PyTorch code trained. */
export function addImportSpace(program: Command): void {
  program
    .command('import-space')
    .description("make a space of the encoder and decoder that the authors' PyTorch code trained, or that export-space wrote")
    .argument('<encoder>', 'state dict of the encoder, as PyTorch checkpoint or safetensors')
    .argument('<decoder>', 'state dict of the decoder; the same file again if it holds both')
    .requiredOption(
      '--architecture <name...>',
      'the architectures that the space was trained on, in the order of its class head: names such as resnet8-3x32x32-10, or ONNX files or the model.json of one of their networks',
    )
    .requiredOption('--out <dir>', 'folder of the space, new or empty')
    .option('--units <file>', 'units.pt of export-space, if it wrote one')
    .action(action(({ args, command, context }) => importSpace([args[0]!, args[1]!], command.opts<Options>(), context)));
}

async function importSpace(
  files: readonly [string, string],
  { architecture, units, out }: Options,
  context: CommandContext,
): Promise<void> {
  await checkOutput('--out', out, 'folder');
  await refuseFilled('--out', out);
  if (units === undefined) refuseForgotten(files[0]);
  const architectures = await Promise.all(architecture.map((name) => namedArchitecture(name)));
  await refuseOthers(files[0], architectures.map(({ name }) => name)); // prettier-ignore
  const parts = {
    encoder: { path: files[0], bytes: await readBytes(files[0]) },
    decoder: { path: files[1], bytes: await readBytes(files[1]) },
    ...(units !== undefined && { units: { path: units, bytes: await readBytes(units) } }),
  };
  await refuseStrangers(parts);
  const encoder = tensorsOf(parts.encoder);
  const decoder = files[1] === files[0] ? encoder : tensorsOf(parts.decoder);
  const measured = parts.units && tensorsOf(parts.units);
  await context.startRuntime();
  const space = netSpaceFromStateDicts({ encoder, decoder, ...(measured && { units: measured }) }, { architectures });
  await context.throwIfStopped();
  await keepArchitectures(out, space.architectures);
  await space.save(fileHandler(out));
  const { prepShape, embeddingSize } = space.config;
  const names = space.architectures.map(({ name }) => name);
  context.print({ space: out, architectures: names, prepShape, embeddingSize }, () =>
    [
      `a space of ${embeddingSize} numbers an embedding, with PReps of ${prepShape.join('×')}, in ${out}`,
      ...names.map((name, classId) => `ClassId ${classId}: ${name}`),
    ].join('\n'),
  );
  space.dispose();
}

/** A space that has units computes something else without them. */
function refuseForgotten(encoder: string): void {
  const beside = join(dirname(encoder), `units${extname(encoder)}`);
  if (!existsSync(beside)) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `import-space: expected --units, because ${beside} lies beside the encoder, got none; pass --units ${beside}, or copy the encoder elsewhere if these units are not its own`,
  );
}

/** A list that export-space wrote beside the encoder; numbers alone do not tell architectures, or their order, apart. */
async function refuseOthers(encoder: string, names: readonly string[]): Promise<void> {
  const beside = join(dirname(encoder), 'architectures.json');
  if (!existsSync(beside)) return;
  const listed = parsed(new TextDecoder().decode(await readBytes(beside)));
  if (!Array.isArray(listed) || !listed.every((name) => typeof name === 'string')) return; // another program's
  if (listed.length === names.length && listed.every((name, i) => name === names[i])) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `import-space: expected --architecture ${listed.join(' ')}, as ${beside} says, got ${names.join(' ')}; pass them in this order, or copy the encoder elsewhere if the list is not its own`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const tensorsOf = ({ path, bytes }: { readonly path: string; readonly bytes: Uint8Array }): CheckpointTensors =>
  ofFile(path, () => readCheckpoint(bytes));
