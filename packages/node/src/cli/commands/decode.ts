import { join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import { type Command, Option } from 'commander';

import { nameOfArchitecture } from '../../architectures/named-architecture.js';
import { checkOutput } from '../../files/check-output.js';
import { action, type CommandContext } from '../command-context.js';
import { refuseFilled } from '../export/refuse-filled.js';
import { checkKnown } from '../files/check-known.js';
import { fileNames } from '../files/distinct-names.js';
import { readEmbeddings } from '../files/embedding-file.js';
import { writeInstance } from '../files/instance-file.js';
import { checkFormat, NETWORK_FORMATS, type NetworkFormat } from '../files/network-formats.js';
import { openSpace } from '../files/open-space.js';
import { spaceFingerprint } from '../files/space-fingerprint.js';
import { textTable } from '../output/text-table.js';

interface Options {
  readonly space: string;
  readonly out: string;
  readonly architecture?: string;
  readonly anySpace?: boolean;
  readonly format: NetworkFormat;
}

/** `netspace decode FILE --space DIR --out DIR`: embeddings into networks. */
export function addDecode(program: Command): void {
  program
    .command('decode')
    .description('decode embeddings into networks, each a file of its own')
    .argument('<file>', 'embeddings that encode or optimize wrote')
    .requiredOption('--space <dir>', 'folder of the space')
    .requiredOption('--out <dir>', 'new folder for the networks')
    .option('--architecture <name>', 'decode all as this architecture instead of asking the class head')
    .addOption(
      new Option(
        '--format <name>',
        'safetensors; pt, which torch.load reads; onnx; tfjs, a folder that tf.loadLayersModel reads, for classifiers that NetSpace knows and networks of a model.json',
      )
        .choices(NETWORK_FORMATS)
        .default('safetensors'),
    )
    .option('--any-space', 'also decode embeddings of another space; such networks are usually useless')
    .action(action(({ args, command, context }) => decode(args[0]!, command.opts<Options>(), context)));
}

async function decode(
  file: string,
  { space: folder, out, architecture: given, anySpace = false, format }: Options,
  context: CommandContext,
): Promise<void> {
  await checkOutput('--out', out, 'folder');
  await refuseFilled('--out', out);
  await context.startRuntime();
  const space = await openSpace(folder, context);
  const { names, embeddings, space: madeBy } = await readEmbeddings(file, context);
  if (embeddings.shape[1] !== space.config.embeddingSize) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `decode: expected embeddings of ${space.config.embeddingSize} numbers for ${folder}, got [${embeddings.shape}]; they are of another space`,
    );
  }
  if (madeBy !== undefined && !anySpace && madeBy !== (await spaceFingerprint(space))) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `decode: expected embeddings of the space in ${folder} as it is now, got those of another space, or of this one after other steps, in ${file}; encode the networks again, name the space that they are of, or pass --any-space`,
    );
  }
  const architecture = given === undefined ? undefined : await nameOfArchitecture(given);
  if (architecture !== undefined) checkKnown('decode', space, folder, [{ what: '--architecture', architecture }]);
  const classIds = architecture === undefined ? undefined : names.map(() => space.classIdOf(architecture));
  const instances = await space.instantiate(embeddings, { classIds });
  const written: { name: string; classId: number; architecture: string; file: string }[] = [];
  const files = fileNames(names);
  for (const instance of instances) checkFormat(instance.architecture, format);
  for (const [i, instance] of instances.entries()) {
    const path = await writeInstance(join(out, files[i]!), instance, format);
    written.push({ name: names[i]!, classId: instance.classId, architecture: instance.architecture.name, file: path });
  }
  context.print({ instances: written }, () => {
    const table = textTable(
      ['name', 'architecture', 'file'],
      written.map((one) => [one.name, one.architecture, one.file]),
    );
    const [first] = written;
    return format === 'pt' && first !== undefined
      ? `${table}\nin PyTorch: model.load_state_dict(torch.load(${JSON.stringify(first.file)}))`
      : table;
  });
}
