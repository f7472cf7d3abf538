import { stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';

import { type Architecture, isNetSpaceError, NetSpaceError, type Purpose } from '@netspace/prep';
import { PURPOSES } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';
import { type Command, Option } from 'commander';

import { architecturesIn } from '../../../architectures/architectures-in.js';
import { MODEL_JSON } from '../../../architectures/layers-models.js';
import { isArchitecturePath, isGraphPath, namedArchitecture } from '../../../architectures/named-architecture.js';
import { openZooFolder } from '../../../architectures/open-zoo-folder.js';
import { checkOutputAt } from '../../../files/files-at.js';
import { action, type CommandContext } from '../../command-context.js';
import { refuseOtherKind } from '../../files/refuse-other-kind.js';
import { readInstance } from '../../files/instance-file.js';
import { counted } from '../../output/counted.js';
import { CLI_LIMITS, countOption, numberOption } from '../../options/number-option.js';
import { compareWithProbe, type ProbeResult } from '../../probe.js';
import { LAYOUTS, type ZooLayout } from '../../../zoos/found-network.js';
import { importNetworks } from '../../../zoos/import-networks.js';
import { readMeasures, remarksOn } from '../../../zoos/tables/measures.js';
import { readZoo } from '../../../zoos/read-zoo.js';
import { alreadyReported } from '../../already-reported.js';
import { addTensorOptions, readingOptions, type TensorOptions } from '../../options/tensor-options.js';

interface Options extends TensorOptions {
  readonly out: string;
  readonly architecture?: string;
  readonly constants?: readonly string[];
  readonly parameters?: readonly string[];
  readonly purpose?: Purpose;
  readonly name?: string;
  readonly probe?: string;
  readonly tolerance: number;
  readonly layout?: ZooLayout;
  readonly names?: string;
  readonly metrics?: string;
  readonly checkpoints?: 'last' | 'all' | number;
  readonly epochOffset?: number;
  readonly omega?: number;
  readonly outputShift?: number;
  readonly first?: number;
}

/** What only folders take. */
const OF_FOLDERS = ['layout', 'names', 'checkpoints', 'epochOffset', 'omega', 'outputShift', 'first'] as const;

/** `netspace zoo import SOURCE… --out DIR [--architecture NAME]`: networks that were trained elsewhere, files or somebody's whole zoo. */
export function addZooImport(zoo: Command): void {
  addTensorOptions(
    zoo
      .command('import')
      .description(
        'add networks to a zoo: from PyTorch checkpoints, safetensors, ONNX files or saved tf.LayersModels, or from a zoo that others made',
      )
      .argument('<sources...>', 'files of networks of one architecture, or a folder of them')
      .requiredOption('--out <dir>', 'folder of the zoo')
      .option(
        '--architecture <name>',
        "the networks' architecture: a name such as resnet8-3x32x32-10, or an ONNX file or the model.json of one of them; not needed for SIRENs in a folder: their tensors show it",
      )
      .option('--constants <name...>', 'numbers of the ONNX file that are the same in all networks; * stands for any characters')
      .option('--parameters <name...>', 'numbers of the ONNX file that training changes, although the file has lost their names')
      .addOption(
        new Option(
          '--purpose <what>',
          'what the networks of the ONNX file, or model.json, are for, which decides how they are compared (default: classifier where images go in and logits come out)',
        ).choices(PURPOSES),
      )
      .option('--name <name>', "the network's name in the zoo, for one file (default: the file's)")
      .option(
        '--probe <file>',
        'input and output that PyTorch saved (netspace_zoo.save_probe): refuse a network that computes something else',
      )
      .option('--tolerance <fraction>', "largest difference, as a fraction of the outputs' largest size", numberOption, 1e-3)
      .addOption(new Option('--layout <name>', 'the layout of a folder (default: recognized from its files)').choices(LAYOUTS))
      .option('--names <pattern>', "which files of a folder to read, such as 'run_*/model.pt'; the part at the * names the network")
      .option(
        '--metrics <file>',
        'table of measures, CSV or JSON lines; its column name, file or path says which network a line is about, testAccuracy (0 to 1) how good it is, seed from which initial values it started',
      )
      .option(
        '--checkpoints <which>',
        'which checkpoints of each training: last, all, or an epoch (default: last; all of a Small CNN Zoo)',
        checkpointsOption,
      )
      .option('--epoch-offset <n>', 'the epoch that the results of a training give to the untrained network', countOption(1_000_000, 0))
      .option('--omega <frequency>', 'frequency of the sines of SIRENs in a folder (default: 30)', numberOption)
      .option(
        '--output-shift <number>',
        "the number that the SIRENs' class adds to their output (default: by the names of the tensors)",
        numberOption,
      )
      .option('--first <n>', 'only the first n networks of a folder', countOption(CLI_LIMITS.images)),
  ).action(
    action(async ({ args, command, context }) => {
      const options = command.opts<Options>();
      const [source] = args;
      if (args.length === 1 && (await isFolder(source!))) await importZoo(source!, options, context);
      else await importFiles(args, options, context);
    }),
  );
}

function checkpointsOption(text: string): 'last' | 'all' | number {
  return text === 'last' || text === 'all' ? text : countOption(1_000_000_000, 0)(text);
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false, // what is wrong with it, its reader says
  );

/** The architecture that `--architecture` names: that of an ONNX file or a `tf.LayersModel`, one of the zoo in `out`, or one of the zoo's own. */
async function architectureOf(name: string, { out, constants, parameters, purpose }: Options): Promise<Architecture> {
  const said = { ...(constants && { constants }), ...(parameters && { parameters }), ...(purpose && { purpose }) };
  const flag = Object.keys(said).find((one) => (one === 'purpose' ? !isArchitecturePath(name) : !isGraphPath(name)));
  if (flag !== undefined) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `zoo import: expected --${flag} with an ONNX file${flag === 'purpose' ? ', or a model.json,' : ''} as --architecture, got ${name}; leave it out`,
    );
  }
  return namedArchitecture(name, { reading: said, find: await architecturesIn(out) });
}

/** A whole zoo of somebody else's. */
async function importZoo(folder: string, options: Options, context: CommandContext): Promise<void> {
  const { out, architecture: name, layout, names: pattern, metrics, checkpoints, epochOffset, omega, outputShift, first } = options;
  if (options.name !== undefined || options.probe !== undefined) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `zoo import: expected --name and --probe with one file, got the folder ${folder}; leave them out`,
    );
  }
  await checkOutputAt('--out', out);
  await context.startRuntime();
  const architecture = name === undefined ? undefined : await architectureOf(name, options);
  if (architecture !== undefined) await refuseOtherKind('zoo import', out, [architecture]);
  const zoo = await readZoo({ folder, pattern, metrics, checkpoints, epochOffset }, layout);
  const result = await importNetworks(zoo, await openZooFolder(out), {
    ...{ architecture, omega, outputShift, first, reading: readingOptions(options), signal: context.signal },
    onAdd: (done) => {
      if (done % 1000 === 0) context.note(`${done} networks`);
    },
  });
  for (const line of result.said) context.note(line);
  for (const { place, problem } of result.problems) context.note(`${JSON.stringify(place)} left out: ${problem}`);
  context.print({ zoo: out, ...result }, () =>
    [
      `${counted(result.added, 'network')} added to ${out}`,
      ...(result.present > 0 ? [`${result.present} were there`] : []),
      ...(result.problems.length > 0 ? [`${result.problems.length} left out`] : []),
    ].join('; '),
  );
  if (result.problems.length > 0) throw alreadyReported;
}

async function importFiles(files: readonly string[], options: Options, context: CommandContext): Promise<void> {
  const { out, architecture: name, probe, tolerance, metrics } = options;
  if (files.length > 1 && (options.name !== undefined || probe !== undefined)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `zoo import: expected one file with --name or --probe, got ${files.length}; import them one by one`,
    );
  }
  const other = OF_FOLDERS.find((option) => options[option] !== undefined);
  if (other !== undefined) {
    const flag = `--${other.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new NetSpaceError(
      'INVALID_OPTION',
      `zoo import: expected ${flag} with one folder, got files; leave it out, or name their folder`,
    );
  }
  if (name === undefined) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      'zoo import: expected --architecture with files, got none; name it, such as resnet8-3x32x32-10, or an ONNX file of one of the networks',
    );
  }
  await checkOutputAt('--out', out);
  const names = files.map((file) => options.name ?? ownName(file));
  const measures = metrics === undefined ? undefined : await measuresOf(files, names, metrics);
  await context.startRuntime();
  const architecture = await architectureOf(name, options);
  await refuseOtherKind('zoo import', out, [architecture]);
  const store = await openZooFolder(out);
  checkNames({ names, files, there: (await store.list()).map((record) => record.name), out });
  const added: (ProbeResult & { name: string; file: string })[] = [];
  for (const [i, file] of files.entries()) {
    const instance = await readInstance(file, architecture, readingOptions(options)).catch((error: unknown) => {
      throw withAdded(error, added, out);
    });
    try {
      const compared = probe === undefined ? {} : await compareWithProbe(instance, probe, tolerance);
      const record = await store.add({ name: names[i]!, instance, ...{ epochs: 0, seed: 0, metrics: {} }, ...measures?.of[i] });
      added.push({ name: record.name, file, ...compared });
    } catch (error) {
      throw withAdded(error, added, out);
    } finally {
      tf.dispose([...instance.parameters]);
    }
  }
  for (const line of measures?.said ?? []) context.note(line);
  context.print({ zoo: out, added }, () => [`${counted(added.length, 'network')} added to ${out}`, ...added.map((one) => one.name)].join('\n')); // prettier-ignore
}

/** The name of a file without its ending; of a model.json, that of its folder. */
const ownName = (file: string): string =>
  basename(file) === MODEL_JSON ? basename(dirname(resolve(file))) : basename(file, extname(file));

/** What a table says of each file, which it may know by its path, by its own name or by that in the zoo, with its ending or without. */
async function measuresOf(files: readonly string[], names: readonly string[], metrics: string) {
  const table = await readMeasures(metrics);
  const found = files.map((file, i) => {
    const paths = [file, basename(file)].flatMap((path) => [path, path.slice(0, path.length - extname(path).length)]);
    return table.of([...paths, names[i]!]);
  });
  const without = found.filter((one) => one === undefined).length;
  const said = remarksOn(table, metrics, {
    networks: files.length,
    without,
    examples: [names[0]!, basename(files[0]!)],
    source: 'the files',
  });
  const of = found.map((one) => one && { epochs: one.epochs ?? 0, seed: one.seed ?? 0, metrics: one.metrics });
  return { of, said };
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
