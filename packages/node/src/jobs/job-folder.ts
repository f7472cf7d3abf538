import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import {
  listOf,
  nonNegative,
  objectOf,
  optional,
  type Option,
  parseOptions,
  text,
  type UsedBy,
  valueOf,
  whole,
} from '@netspace/prep/internal';

import { fileProblem, isMissing } from '../files/file-problem.js';
import { FILE_LIMITS, readRegularFile } from '../files/read-regular-file.js';
import type { JobOrigin } from './job-key.js';
import { type JobResult, jobResultBytes, readJobResult } from './job-result.js';
import { anyRecipe } from './zoo-source.js';

const texts: Option<JobOrigin> = valueOf<JobOrigin>(
  'texts by name',
  (value) => typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string'),
);

/** What the workers of a zoo need to know, as the builder left it. */
const planOption = objectOf({
  source: objectOf({ recipe: anyRecipe, data: optional(text), trainImages: optional(whole), testImages: optional(whole) }),
  origin: texts,
  /** Networks that the recipe names, and those that were there when the build began. */
  total: whole,
  present: whole,
  /** When it began, in milliseconds since 1970. */
  begun: nonNegative,
  /** Of the queue from which workers take the jobs, if there is one. */
  queueId: optional(text),
});
export type JobPlanFile = UsedBy<typeof planOption>;

/** A job that is not tried again until `zoo retry`. */
const setAsideOption = objectOf({
  key: text,
  title: text,
  /** Its networks that are missing. */
  names: listOf(text, 'a list of names'),
  tries: whole,
  error: objectOf({ code: text, message: text }),
});
export type SetAside = UsedBy<typeof setAsideOption>;

/**
 * The folder `.jobs` of a zoo: the plan, results that wait until the networks before theirs are in the zoo, and jobs that were set aside.
 * A result that a power cut damages is made again; so nothing is flushed to the disk.
 */
export function jobFolder(zoo: string) {
  const folder = join(zoo, '.jobs');
  const planFile = join(folder, 'plan.json');
  const resultFile = (key: string): string => join(folder, 'results', key);
  const asideFile = (key: string): string => join(folder, 'set-aside', `${key}.json`);
  return {
    place: folder,
    writePlan: (plan: JobPlanFile) => write(planFile, `${JSON.stringify(plan)}\n`),
    async readPlan(): Promise<JobPlanFile | undefined> {
      const bytes = await read(planFile, FILE_LIMITS.json);
      return bytes && checked(planFile, planOption, bytes);
    },
    writeResult: (key: string, result: JobResult) => write(resultFile(key), jobResultBytes(key, result)),
    async readResult(key: string): Promise<JobResult | undefined> {
      const bytes = await read(resultFile(key), FILE_LIMITS.weights);
      return bytes && readJobResult(key, bytes);
    },
    removeResult: (key: string) => rm(resultFile(key), { force: true }),
    /** Keys of the results that wait, whole or not. */
    resultKeys: async () => (await namesIn(join(folder, 'results'))).filter((name) => !name.endsWith('.tmp')),
    setAside: (job: SetAside) => write(asideFile(job.key), `${JSON.stringify(job, undefined, 2)}\n`),
    async listSetAside(): Promise<readonly SetAside[]> {
      const names = (await namesIn(join(folder, 'set-aside'))).filter((name) => name.endsWith('.json')).sort();
      const files = names.map((name) => join(folder, 'set-aside', name));
      const contents = await Promise.all(files.map((file) => read(file, FILE_LIMITS.json)));
      return contents.flatMap((bytes, i) => (bytes === undefined ? [] : [checked(files[i]!, setAsideOption, bytes)]));
    },
    putBack: (key: string) => rm(asideFile(key), { force: true }),
    /** Removes all but the jobs that are set aside, after the last result was added. */
    async clear(): Promise<void> {
      await rm(planFile, { force: true });
      await rm(join(folder, 'results'), { recursive: true, force: true });
      for (const empty of [join(folder, 'set-aside'), folder]) await rmdir(empty).catch(() => undefined); // jobs that are set aside stay
    },
  };
}

export type JobFolder = ReturnType<typeof jobFolder>;

/** What a file says, checked as what a user writes: a folder may be shared. */
function checked<Given, Used>(file: string, option: Option<Given, Used>, bytes: Uint8Array): Used {
  return parseOptions(file, option, parsed(file, bytes));
}

/** Whole or not at all, for whoever reads meanwhile. */
async function write(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, content);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined); // the first error is the one to report
    throw fileProblem('jobFolder', path, error);
  }
}

async function read(path: string, limit: number): Promise<Uint8Array | undefined> {
  try {
    return await readRegularFile('jobFolder', path, limit);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileProblem('jobFolder', path, error);
  }
}

function parsed(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new NetSpaceError('CORRUPT_FILE', `jobFolder: expected JSON in ${path}, got something else; remove the file and build again`, {
      cause,
    });
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw fileProblem('jobFolder', folder, error);
  }
}
