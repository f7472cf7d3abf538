import { writeFile } from 'node:fs/promises';

import { type Architecture, isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { checkInputs } from '@netspace/zoo/internal';
import { type Command, Option } from 'commander';

import { dataForConfig, pathForConfig } from '../../config/config-paths.js';
import { commentedJson } from '../../config/commented-json.js';
import { architecturesIn } from '../../architectures/architectures-in.js';
import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { isTensorSpec } from '../../datasets/tensor-spec.js';
import { checkOutput } from '../../files/check-output.js';
import { action, type CommandContext } from '../command-context.js';
import { openZoo } from '../files/open-zoo.js';
import { shapesTemplate, type Template, zooTemplate } from '../init/recipe-templates.js';
import { type ConfigKind, schemaReference } from '../init/schema-path.js';
import { spaceTemplate } from '../init/space-template.js';
import { CLI_LIMITS, countOption } from '../options/number-option.js';

interface Options {
  readonly out: string;
  readonly zoo?: string;
  readonly data?: string;
  readonly steps?: number;
  readonly meshes?: string;
  readonly seats?: number;
}

/** `netspace init zoo|shapes|space`: writes a config with a comment above each key. It never overwrites a file. */
export function addInit(program: Command): void {
  const init = program.command('init').description('write a config with comments, to start from').exitOverride();
  init
    .command('zoo')
    .description('networks to train, for zoo build')
    .option('--data <spec>', 'images to train on: mnist, cifar10:PATH, tiny-imagenet:PATH', 'mnist')
    .option('--out <file>', 'JSON file to write', 'zoo.jsonc')
    .action(action(({ command, context }) => zooConfig(command.opts<Options>(), context)));
  init
    .command('shapes')
    .description('networks of shapes to fit to meshes, for zoo build')
    .option('--meshes <dir>', 'folder of meshes', 'meshes')
    .addOption(
      new Option('--seats <n>', 'this many seats made by rule, in place of meshes')
        .argParser(countOption(CLI_LIMITS.seats))
        .conflicts('meshes'),
    )
    .option('--out <file>', 'JSON file to write', 'shapes.jsonc')
    .action(action(({ command, context }) => shapesConfig(command.opts<Options>(), context)));
  init
    .command('space')
    .description('a space that fits a zoo, for train; each value with its reason')
    .requiredOption('--zoo <dir>', 'folder of the zoo')
    .option(
      '--data <spec>',
      'images to compare networks on, or a file of tensors: mnist, cifar10:PATH, tiny-imagenet:PATH, train.npz, table.csv#targets=NAME',
    )
    .option('--steps <n>', 'steps of the run (default: as many as in our experiments)', countOption(CLI_LIMITS.steps))
    .option('--out <file>', 'JSON file to write', 'space.jsonc')
    .action(action(({ command, context }) => spaceConfig(command.opts<Options>(), context)));
}

const zooConfig = ({ out, data = 'mnist' }: Options, context: CommandContext) =>
  write('zoo', out, () => zooTemplate(dataForConfig(data, out)), context);

const shapesConfig = ({ out, meshes = 'meshes', seats }: Options, context: CommandContext) =>
  write('shapes', out, () => shapesTemplate(seats === undefined ? { meshes: pathForConfig(meshes, out) } : { seats }), context);

const spaceConfig = ({ out, zoo = '', data, steps }: Options, context: CommandContext) => {
  const given = { data: data === undefined ? undefined : dataForConfig(data, out), steps };
  const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const template = async () => {
    const [{ records }, find] = [await openZoo(zoo, context), await architecturesIn(zoo)];
    const made = spaceTemplate(pathForConfig(zoo, out), records, { changes, find });
    if (data !== undefined) await refuseOtherShapes(data, [...new Set(records.map(({ architecture }) => architecture))].map(find));
    return made;
  };
  return write('space', out, template, context);
};

/** Refuses a file of tensors that the networks do not take; one that is not there yet may come later. */
async function refuseOtherShapes(data: string, architectures: readonly Architecture[]): Promise<void> {
  if (!isTensorSpec(data)) return;
  const dataset = await parseDatasetSpec(data)
    .load('train')
    .catch((error: unknown) => {
      if (isNetSpaceError(error) && error.code === 'NOT_FOUND') return undefined;
      throw error;
    });
  for (const architecture of architectures) if (dataset !== undefined) checkInputs('init space', architecture, dataset);
}

type Warned = Template & { readonly warnings?: readonly string[] };

async function write(kind: ConfigKind, out: string, make: () => Warned | Promise<Warned>, context: CommandContext): Promise<void> {
  await checkOutput('--out', out, 'file');
  const { config, comments, warnings = [] } = await make();
  const text = commentedJson({ $schema: schemaReference(kind, out), ...config }, comments);
  try {
    await writeFile(out, text, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new NetSpaceError('INVALID_OPTION', `init: expected --out to name a new file, got ${out}, which is there; name another file`, {
      cause: error,
    });
  }
  for (const warning of warnings) context.note(warning);
  context.print({ file: out, config }, () => `wrote ${out}`);
}
