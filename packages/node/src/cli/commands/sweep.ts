import { access, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { type Architecture, NetSpaceError } from '@netspace/prep';
import { parseJson, parseOptions, valueOf } from '@netspace/prep/internal';
import type { Command } from 'commander';

import { keepArchitectures } from '../../architectures/architectures-in.js';
import { readConfigFile } from '../../config/read-config-file.js';
import { dataOfConfig, pathOfConfig } from '../../config/config-paths.js';
import { checkOutput } from '../../files/check-output.js';
import { readAt } from '../../files/files-at.js';
import { FILE_LIMITS } from '../../files/read-regular-file.js';
import { isS3Address } from '../../files/s3/s3-place.js';
import { writeAtomically } from '../../files/write-atomically.js';
import { jobKeys } from '../../jobs/job-key.js';
import { sweepJobs, type SweepResult } from '../../jobs/works/sweep-jobs.js';
import type { SweepSource } from '../../jobs/works/work-source.js';
import { readRunRecord } from '../../runs/run-record.js';
import { alreadyReported } from '../already-reported.js';
import { action, type CommandContext } from '../command-context.js';
import { FREE_STEPS } from '../files/free-embeddings.js';
import { addWorkOptions, workArguments, type WorkOptions } from '../options/work-options.js';
import { counted } from '../output/counted.js';
import { measureCell, textTable } from '../output/text-table.js';
import { SHORTEST_SWEEP, type SweepConfig, sweepOptions } from '../sweep/sweep-config.js';
import { changed, replacedWhole, type SweepRun, sweepRuns } from '../sweep/sweep-runs.js';
import { placedConfig } from '../training/placed-config.js';
import { keysOfAnotherRun } from '../training/refuse-held-run.js';
import { shortestSpace } from '../training/shortest-config.js';
import { type TrainConfig, trainConfigOptions } from '../training/train-config.js';
import { originOfWork, runWork } from '../work/run-work.js';

interface Options extends WorkOptions {
  readonly out: string;
}

/** What the sweep has left in its folder. */
const RESULTS_FILE = 'results.json';

/** `netspace sweep FILE --out DIR`: trains several spaces that differ in some keys of one config. */
export function addSweep(program: Command): void {
  addWorkOptions(
    program
      .command('sweep')
      .description(
        'train several spaces that differ in some keys of one config, each in a folder of its own; run it again to go on where it was stopped',
      )
      .argument('<file>', 'JSON file: a config of netspace train, and which values to try')
      .requiredOption('--out <dir>', 'folder of the runs and of results.json'),
  ).action(action(({ args, command, context }) => sweep(args[0]!, command.opts<Options>(), context)));
}

/** A run with its result, as the folder keeps it. */
interface KeptRun extends SweepRun {
  /** Tells config, data, version and runtime from others. */
  readonly key: string;
  readonly result: SweepResult;
}

async function sweep(file: string, { out, ...options }: Options, context: CommandContext): Promise<void> {
  if (isS3Address(out)) throw new NetSpaceError('INVALID_OPTION', `sweep: expected a folder for --out, got ${out}; spaces are trained in folders, which several machines may share`); // prettier-ignore
  await checkOutput('--out', out, 'folder');
  const config = await readConfigFile(file, sweepOptions, { ...context, example: SHORTEST_SWEEP });
  const runs = sweepRuns(config);
  const { configs, given, replaced } = await configsOf(file, config, runs);
  for (const [key, value] of replaced) {
    context.note(
      `${key} replaces all of ${textOf(value)} in ${config.config}; ${key}.${key in value ? key : Object.keys(value)[0]!} changes one key of it`,
    );
  }
  noteGuesses(config, configs, context);
  for (const [i, { name }] of runs.entries()) await refuseChanged(file, join(out, name), configs[i]!);
  const runtime = await context.startRuntime();
  const shared = options.queue !== undefined;
  const evaluate = await evaluationFrom(config, dirname(file));
  const source: SweepSource = {
    ...{ kind: 'sweep', runs: runs.map(({ name }, i) => ({ name, config: configs[i]! })), evaluate },
    ...(shared && { shared }),
  };
  await mkdir(out, { recursive: true });
  await keepArchitectures(out, [...given.values()]); // where every run finds them
  const jobs = await sweepJobs(out, source, { runtime });
  const keys = jobKeys(jobs, originOfWork(runtime, options));
  const results = await runWork(
    async () => {
      const kept = new Map((await readKept(out)).map((run) => [run.name, run]));
      const there = await Promise.all(runs.map(({ name }) => hasSpace(join(out, name)))); // somebody may have removed it
      const isDone = (name: string, i: number): boolean =>
        there[i]! && kept.get(name)?.key === keys[i] && !('problem' in kept.get(name)!.result);
      return { jobs, present: new Set(runs.map(({ name }) => name).filter(isDone)) };
    },
    async (bytes) => {
      const kept = await readKept(out);
      const before = new Map(kept.map((run) => [run.name, run.result]));
      const resultOf = (name: string): SweepResult => {
        const now = bytes.get(name);
        return now === undefined ? before.get(name)! : (JSON.parse(new TextDecoder().decode(now)) as SweepResult);
      };
      const all = runs.map((run, i): KeptRun => ({ ...run, key: keys[i]!, result: resultOf(run.name) }));
      const own = new Set(all.map(({ name }) => name));
      const others = kept.filter(({ name }) => !own.has(name)); // of a sweep that was changed since
      await writeAtomically(join(out, RESULTS_FILE), `${JSON.stringify({ runs: [...all, ...others] }, undefined, 2)}\n`);
      return all;
    },
    { ...{ zoo: out, kind: 'sweep', source, options, runtime, context }, again: ['sweep', file, '--out', out, ...workArguments(options)] },
  );
  const told = results.map(({ name, changes, result }) => ({ name, folder: join(out, name), changes, ...result }));
  context.print({ out, runs: told }, () => `${tableOf(results)}\n${counted(results.length, 'run')} in ${out}${wordsOf(evaluate)}`);
  if (results.some(({ result }) => 'problem' in result)) throw alreadyReported;
}

/** The config of each run, checked, and the architectures that they name by files. */
async function configsOf(file: string, { config: path }: SweepConfig, runs: readonly SweepRun[]) {
  const place = await pathOfConfig(path, { key: 'config', folder: dirname(file) });
  const base = await readConfigFile(place, anything, { example: shortestSpace });
  const placed = runs.map(({ name, changes }) =>
    placedConfig(parseOptions(`${file}: ${name}`, trainConfigOptions, changed(base, changes)), dirname(place)),
  );
  const all = await Promise.all(placed);
  const given = new Map<string, Architecture>(all.flatMap((one) => [...one.given]));
  const replaced = replacedWhole(base, runs).map((key) => [key, base[key] as object] as const);
  return { configs: all.map(({ config }) => config), given, replaced };
}

/** Its data as seen from here. */
async function evaluationFrom({ evaluate }: SweepConfig, folder: string): Promise<SweepSource['evaluate']> {
  const data = evaluate?.data === undefined ? undefined : await dataOfConfig(evaluate.data, { key: 'evaluate.data', folder });
  return evaluate && { ...evaluate, ...(data !== undefined && { data }) };
}

/** Says that figures of encodings would be figures of guesses. They are not refined unasked: that takes time, and runs of one table would be measured in two ways. */
function noteGuesses({ evaluate }: SweepConfig, configs: readonly TrainConfig[], { note }: Pick<CommandContext, 'note'>): void {
  const free = configs.filter(({ embeddings }) => embeddings === 'free').length;
  if (free === 0 || evaluate === undefined || evaluate.refine !== undefined) return;
  const which = free === configs.length ? 'all runs' : `${free} of ${counted(configs.length, 'run')}`;
  note(`${which} train free embeddings, whose encoders only guess where a network lies, and evaluate measures encodings: refine them ("evaluate": { "refine": ${FREE_STEPS} }), also later: what is trained is not trained again`); // prettier-ignore
}

const wordsOf = (evaluate: SweepSource['evaluate']): string =>
  evaluate?.refine === undefined ? '' : `; measures are of refined encodings, each moved in ${counted(evaluate.refine, 'step')}`;

/** Refuses to go on with a run that began with other settings. */
async function refuseChanged(file: string, folder: string, config: TrainConfig): Promise<void> {
  const recorded = (await readRunRecord(folder))?.config;
  const keys = keysOfAnotherRun(recorded, config);
  if (keys.length === 0) return;
  const was = recorded as Readonly<Record<string, unknown>>;
  const changes = keys.map((key) => `${key} from ${textOf(was[key])} to ${textOf(config[key])}`).join(', ');
  throw new NetSpaceError('INVALID_OPTION', `sweep: expected ${file}, with its config, to say of ${folder} what it said when that run began, got another ${keys.join(', ')} (${changes}); name another folder for --out, or put back what was changed`); // prettier-ignore
}

const textOf = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value)).slice(0, 80);

/** It is checked with the changes of each run. */
const anything = valueOf<Readonly<Record<string, unknown>>>(
  'a config of netspace train',
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

const hasSpace = (folder: string): Promise<boolean> => access(join(folder, 'space.json')).then(() => true, () => false); // prettier-ignore

async function readKept(out: string): Promise<readonly KeptRun[]> {
  const bytes = await readAt('sweep', out, RESULTS_FILE, FILE_LIMITS.json);
  if (bytes === undefined) return [];
  try {
    const { runs } = parseJson(new TextDecoder().decode(bytes)) as { readonly runs: unknown };
    if (Array.isArray(runs) && runs.every(isKept)) return runs;
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
  }
  throw new NetSpaceError('CORRUPT_FILE', `sweep: expected the results of a sweep in ${join(out, RESULTS_FILE)}, got something else; remove the file: runs that are done stay done`); // prettier-ignore
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const isNumbers = (value: unknown): boolean => isObject(value) && Object.values(value).every(Number.isFinite);

function isKept(value: unknown): value is KeptRun {
  if (!isObject(value) || typeof value['name'] !== 'string' || typeof value['key'] !== 'string' || !isObject(value['result'])) return false;
  const { steps, losses, measures, problem } = value['result'];
  return typeof problem === 'string' || (Number.isSafeInteger(steps) && isNumbers(losses) && isNumbers(measures));
}

/** A row for each run: what differs, and what was measured. */
function tableOf(runs: readonly KeptRun[]): string {
  const keys = [...new Set(runs.flatMap(({ changes }) => Object.keys(changes)))];
  const numbersOf = ({ result }: KeptRun) => ('problem' in result ? {} : { ...result.losses, ...result.measures });
  const measures = [...new Set(runs.flatMap((run) => Object.keys(numbersOf(run))))];
  return textTable(
    ['run', ...keys, 'steps', ...measures],
    runs.map((run) => {
      const numbers: Readonly<Record<string, number>> = numbersOf(run);
      const values = keys.map((key) => {
        const value = run.changes[key];
        return typeof value === 'string' || value === undefined ? value : JSON.stringify(value);
      });
      const steps = 'problem' in run.result ? 'diverged' : run.result.steps;
      return [run.name, ...values, steps, ...measures.map((name) => measureCell(name, numbers[name]))];
    }),
  );
}
