import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';

import type { Command } from 'commander';

import { isTensorSpec } from '../datasets/tensor-spec.js';
import { FREE_STEPS } from './files/free-embeddings.js';
import { freeFolder } from './files/free-folder.js';
import { openZoo } from './files/open-zoo.js';
import { jobFolder } from '../jobs/folder/job-folder.js';
import { FILE_LIMITS, readRegularFile } from '../files/read-regular-file.js';
import { readRunRecord } from '../runs/run-record.js';
import { reportSource } from './report/report-source.js';
import type { Called } from './called.js';
import { commandLine } from './training/way-on.js';

/** A command as it was called. */
interface Call {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

const value = (option: string | boolean | undefined, otherwise: string): string => (typeof option === 'string' ? option : otherwise);

/** A command of ours, and what it does. */
type Next = readonly [command: readonly string[], what: string];

/** What to type next, after each command. */
const NEXT: Readonly<Record<string, (call: Call) => Next | undefined | Promise<Next>>> = {
  doctor: () => [['init', 'zoo'], 'write a list of networks to train'],
  'runtime install': () => [['doctor'], 'see that it works'],
  'runtime remove': () => [['doctor'], 'see which runtimes are left'],
  'init zoo': ({ options }) => [['zoo', 'build', value(options['out'], 'zoo.jsonc'), '--out', 'zoo'], 'train the networks'],
  'init shapes': ({ options }) => [
    ['zoo', 'build', value(options['out'], 'shapes.jsonc'), '--out', 'shapes-zoo'],
    'fit the networks to the meshes',
  ],
  'init space': ({ options }) => {
    const config = value(options['out'], 'space.jsonc');
    const folder = freeFolder('space', parse(config).name || 'space');
    return [['train', config, '--out', folder], 'learn the space'];
  },
  'zoo build': ({ options }) => [['init', 'space', '--zoo', value(options['out'], 'zoo')], 'write a config for their space'],
  worker: async ({ options }) => {
    const zoo = value(options['out'], 'zoo');
    return (await afterSetAside(zoo)) ?? [['zoo', 'list', zoo], 'see what is known of each network'];
  },
  'zoo status': async ({ args }) =>
    (await isUnfinished(args[0] ?? 'zoo'))
      ? afterLook(args[0] ?? 'zoo')
      : ((await afterSetAside(args[0] ?? 'zoo')) ?? [['zoo', 'list', args[0] ?? 'zoo'], 'see what is known of each network']),
  'zoo retry': ({ args }) => [['zoo', 'status', args[0] ?? 'zoo'], 'see what is left to do'],
  'zoo import': ({ options }) => [['init', 'space', '--zoo', value(options['out'], 'zoo')], 'write a config for their space'],
  'zoo list': ({ args }) => afterLook(args[0] ?? 'zoo'),
  'zoo verify': ({ args }) => [['zoo', 'list', args[0] ?? 'zoo'], 'list the networks and their measures'],
  'zoo filter': ({ args, options }) =>
    typeof options['out'] === 'string'
      ? afterLook(options['out'])
      : [['zoo', 'stats', args[0] ?? 'zoo'], 'see how the measures of all spread'],
  'zoo stats': async ({ args }) => [
    ['zoo', 'filter', args[0] ?? 'zoo', '--where', await betterHalf(args[0] ?? 'zoo')],
    'choose some of them by a measure: here those that are better than the mean',
  ],
  'zoo evaluate': ({ args }) => [['zoo', 'stats', args[0] ?? 'zoo'], 'see how the measures spread'],
  'zoo encode': ({ options }) => [
    ['decode', value(options['out'], 'EMBEDDINGS'), '--space', value(options['space'], 'space'), '--out', 'networks'],
    'turn embeddings into networks',
  ],
  'zoo align': ({ options }) => [['init', 'space', '--zoo', value(options['out'], 'zoo')], 'write a config for their space'],
  'zoo recover': ({ options }) => [['zoo', 'verify', value(options['out'], 'zoo')], 'see that every network is what it was'],
  'zoo upgrade': ({ args }) => [['zoo', 'verify', args[0] ?? 'zoo'], 'see that every network is what it was'],
  train: async ({ args, options }) => {
    const out = value(options['out'], 'space');
    const proposed = args.length === 0 && options['resume'] !== true;
    if (proposed) return [['train', 'CONFIG', '--out', out], 'learn the space; CONFIG is a file with what was printed'];
    const { zoo = 'zoo', data, embeddings } = await configOf(out);
    return [['evaluate', ...spaceAndZoo({ space: out, zoo, data }), ...refineIfFree(embeddings)], 'measure how good the space is'];
  },
  sweep: async ({ options }) => {
    const out = value(options['out'], 'runs');
    const { zoo = 'ZOO', data, embeddings } = await configOfRuns(out);
    const command = [
      'report',
      join(out, 'RUN'),
      '--zoo',
      zoo,
      ...(data === undefined ? [] : ['--data', data]),
      ...refineIfFree(embeddings),
    ];
    return [command, 'look at one of the spaces: RUN is its name in the table'];
  },
  evaluate: ({ options }) =>
    typeof options['data'] === 'string'
      ? [['report', ...spaceAndZoo(options), ...refineOf(options)], 'the same with pictures, as a page']
      : [
          ['interpolate', ...spaceAndZoo(options), '--from', 'NAME', '--to', 'NAME', ...refineOf(options), '--out', 'walk'],
          'walk between two networks',
        ],
  interpolate: async ({ options }) => {
    const { data } = await configOf(value(options['space'], 'space')).catch(() => ({}) as RunConfig);
    return [['evaluate', ...spaceAndZoo({ data, ...options }), ...refineOf(options)], 'measure how good the space is'];
  },
  optimize: ({ options }) => [['evaluate', ...spaceAndZoo(options)], 'compare the zoo with its predicted networks'],
  encode: ({ options }) => {
    const file = value(options['out'], 'EMBEDDINGS');
    return [['decode', file, '--space', value(options['space'], 'space'), '--out', 'networks'], 'turn embeddings into networks; --format pt, onnx or tfjs for other programs']; // prettier-ignore
  },
  decode: async ({ options }) => {
    const space = value(options['space'], 'space');
    const { zoo = 'zoo', data } = await configOf(space).catch(() => ({}) as RunConfig);
    return [['explore', space, '--zoo', zoo, ...(data === undefined ? [] : ['--data', data]), '--out', 'site'], 'a page that shows the space']; // prettier-ignore
  },
  report: async ({ args, options }) => {
    const kind = await reportSource(args[0] ?? '.').catch(() => undefined);
    if (kind === 'zoo') return afterLook(args[0]!);
    const space = args[0] ?? value(options['space'], 'space');
    const state = (await readRunRecord(space).catch(() => undefined))?.state;
    const page = typeof options['out'] === 'string' ? ['--out', options['out']] : []; // the one just written may be replaced
    if (state === 'running') return [['report', space, ...page], 'the same again when the run has ended'];
    if (state === 'stopped' || state === 'died' || state === 'failed') return [['train', '--out', space, '--resume'], 'go on with the run'];
    const sample = isTensorSpec(value(options['data'], '')) ? [] : ['--sample', '500']; // images alone
    const data = typeof options['data'] === 'string' ? ['--data', options['data'], ...sample] : [];
    if (typeof options['zoo'] === 'string') return [['explore', space, '--zoo', options['zoo'], ...data], 'walk through it in a browser'];
    const { zoo = 'ZOO', data: images = 'DATA' } = await configOf(space).catch(() => ({}) as RunConfig);
    const measured = ['report', space, '--zoo', zoo, ...((await isOfShapes(space)) ? [] : ['--data', images]), ...page];
    return [measured, 'measure the space on the networks of a zoo'];
  },
  export: ({ options }) => [['explore', value(options['out'], 'folder')], 'walk through it in a browser'],
  'import-space': ({ options }) => {
    const call = ['encode', 'NETWORK', '--space', value(options['out'], 'space'), '--architecture', 'NAME', '--json'];
    return [call, 'turn a network into an embedding'];
  },
  'export-space': ({ options }) => {
    const [folder, ending] = [value(options['out'], 'exported'), value(options['format'], 'pt')];
    const [encoder, decoder, units] = ['encoder', 'decoder', 'units'].map((name) => `${folder}/${name}.${ending}`) as [
      string,
      string,
      string,
    ];
    const measured = existsSync(units) ? ['--units', units] : [];
    return [
      ['import-space', encoder, decoder, ...measured, '--architecture', 'NAME', '--out', 'space'],
      'bring it back, trained further in PyTorch',
    ];
  },
  push: ({ args }) => [['pull', args[1] ?? 'OWNER/NAME', 'copy'], 'bring it back, here or anywhere'],
  pull: ({ args }) => [['explore', args[1] ?? 'folder'], 'walk through it in a browser'],
  explore: ({ args, options }) =>
    typeof options['out'] === 'string' ? [['explore', options['out']], 'look at the site'] : afterExplore(args[0] ?? 'folder', options),
};

/** The same as a site, unless it is one. */
function afterExplore(folder: string, options: Call['options']): Next | undefined {
  if (existsSync(join(folder, 'index.html'))) return undefined;
  const from = ['zoo', 'data', 'sample'].flatMap((name) => {
    const given = options[name];
    return given === undefined ? [] : [`--${name}`, ...[given].flat().map(String)];
  });
  return [['explore', folder, ...from, '--out', freeFolder('site')], 'write a site for any web server'];
}

/** A config for the space of a zoo, if the command knows all its architectures. */
async function afterLook(zoo: string): Promise<Next> {
  const retry = await afterSetAside(zoo);
  if (retry !== undefined) return retry;
  if (await isUnfinished(zoo)) return [['zoo', 'build', 'RECIPE', '--out', zoo], 'go on with the build, which was stopped'];
  const { strangers } = await openZoo(zoo, { runs: 'none' }).catch(() => ({ strangers: [] }));
  return strangers.length === 0
    ? [['init', 'space', '--zoo', zoo], 'write a config for their space']
    : [
        ['zoo', 'import', 'CHECKPOINTS', '--architecture', 'NET.onnx', '--out', 'ZOO'],
        'networks of your own, which every command then knows',
      ];
}

/** Jobs that were set aside are tried by no build until they are put back. */
async function afterSetAside(zoo: string): Promise<Next | undefined> {
  const listed = async () => jobFolder(zoo).listSetAside(); // a storage may be out of reach
  const aside = await listed().catch(() => []); // a zoo is a zoo, whatever lies in it
  return aside.length === 0 ? undefined : [['zoo', 'retry', zoo], 'put back the jobs that were set aside; the next build tries them again'];
}

/** Whether a zoo is one whose build ended before its time. */
async function isUnfinished(zoo: string): Promise<boolean> {
  const { command, state } = (await readRunRecord(zoo).catch(() => undefined)) ?? {};
  return command === 'zoo build' && state !== 'done' && state !== 'running';
}

/** Whether the space in a folder is one of shapes, which needs no data: as the name of its first architecture says. */
async function isOfShapes(folder: string): Promise<boolean> {
  const text = await readRegularFile('report', join(folder, 'space.json'), FILE_LIMITS.json).catch(() => '');
  return /"name":\s*"siren-3-\d+x\d+-1"/.test(text.toString());
}

/** A condition that the better half of a zoo holds: by test accuracy, else by the first measure that it has. */
async function betterHalf(folder: string): Promise<string> {
  const { records } = await openZoo(folder, { runs: 'none' }).catch(() => ({ records: [] }));
  const names = records.flatMap(({ metrics }) => Object.keys(metrics));
  const name = names.includes('testAccuracy') ? 'testAccuracy' : names[0];
  if (name === undefined) return 'epochs>=1';
  const values = records.map(({ metrics }) => metrics[name]).filter((one) => one !== undefined);
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  return `${name}${/mse|loss|error/i.test(name) ? '<=' : '>='}${Number(mean.toPrecision(2))}`;
}

interface RunConfig {
  readonly zoo?: string;
  readonly data?: string;
  readonly embeddings?: 'free';
}

/** Zoo and data of the first run in a folder of runs. */
async function configOfRuns(folder: string): Promise<RunConfig> {
  for (const name of (await readdir(folder).catch(() => [])).sort()) {
    const config = await configOf(join(folder, name)).catch(() => ({}) as RunConfig);
    if (config.zoo !== undefined) return config;
  }
  return {};
}

/** Zoo and data of a run, and whether its embeddings were free, as its folder records them. */
async function configOf(folder: string): Promise<RunConfig> {
  const config = (await readRunRecord(folder))?.config;
  if (typeof config !== 'object' || config === null || !('zoo' in config) || typeof config.zoo !== 'string') return {};
  const isOfData = 'task' in config && /"kind":"(classification|regression|rgb|occupancy)"/.test(JSON.stringify(config.task));
  const isFree = 'embeddings' in config && config.embeddings === 'free';
  return {
    zoo: config.zoo,
    ...(isFree && { embeddings: 'free' }),
    ...(isOfData && 'data' in config && typeof config.data === 'string' && { data: config.data }),
  };
}

function spaceAndZoo({ space, zoo, data }: Call['options']): readonly string[] {
  return ['--space', value(space, 'space'), '--zoo', value(zoo, 'zoo'), ...(typeof data === 'string' ? ['--data', data] : [])];
}

const refineOf = ({ refine }: Call['options']): readonly string[] => (refine === undefined ? [] : ['--refine', String(refine)]);

/** Encodings of free embeddings are guesses. */
const refineIfFree = (embeddings: RunConfig['embeddings']): readonly string[] =>
  embeddings === 'free' ? refineOf({ refine: String(FREE_STEPS) }) : [];

/** The line that a command ends with, or nothing if none is known. */
export async function nextStep(path: string, call: Call, called: Called = {}): Promise<string | undefined> {
  const next = await NEXT[path]?.(call);
  return next && `next: ${commandLine(called, next[0])}   # ${next[1]}`;
}

/** Ends every command with what to do next, on stderr. Neither `--json` nor `--quiet` has it. */
export function endWithNextStep(program: Command): void {
  program.hook('postAction', async (_, command) => {
    const { json, quiet } = command.optsWithGlobals<{ json?: boolean; quiet?: boolean }>();
    if (json === true || quiet === true) return; // to find out what is next, a zoo may be listed once more
    const line = await nextStep(pathOf(command), { args: command.args, options: command.opts() }, { netspace: program.name() });
    if (line !== undefined) command.configureOutput().writeErr?.(`${line}\n`);
  });
}

/** `zoo build` */
function pathOf(command: Command): string {
  return command.parent === null ? '' : `${pathOf(command.parent)} ${command.name()}`.trim();
}
