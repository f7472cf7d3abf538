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

import { FILE_LIMITS } from '../files/read-regular-file.js';
import { jobFiles } from './job-files.js';
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

const PLAN = 'plan.json';
const RESULTS = 'results';
const CHECKPOINTS = 'checkpoints';
const SET_ASIDE = 'set-aside';
const asideOf = (key: string): string => `${SET_ASIDE}/${key}.json`;

/**
 * The folder `.jobs` of a zoo: the plan, results that wait until the networks before theirs are in the zoo, jobs that are half done, and jobs that were set aside.
 * A result that a power cut damages is made again; so nothing is flushed to the disk.
 */
export function jobFolder(zoo: string) {
  const files = jobFiles(zoo);
  const place = `${zoo}/.jobs`;
  return {
    place,
    writePlan: (plan: JobPlanFile) => files.write(PLAN, `${JSON.stringify(plan)}\n`),
    async readPlan(): Promise<JobPlanFile | undefined> {
      const bytes = await files.read(PLAN, FILE_LIMITS.json);
      return bytes && checked(`${place}/${PLAN}`, planOption, bytes);
    },
    writeResult: (key: string, result: JobResult) => files.write(`${RESULTS}/${key}`, jobResultBytes(key, result)),
    async readResult(key: string): Promise<JobResult | undefined> {
      const bytes = await files.read(`${RESULTS}/${key}`, FILE_LIMITS.weights);
      return bytes && readJobResult(key, bytes);
    },
    readCheckpoint: (key: string) => files.read(`${CHECKPOINTS}/${key}`, FILE_LIMITS.checkpoint),
    writeCheckpoint: (key: string, bytes: Uint8Array) => files.write(`${CHECKPOINTS}/${key}`, bytes),
    removeCheckpoint: (key: string) => files.remove(`${CHECKPOINTS}/${key}`),
    /** Keys of the jobs that are half done. */
    checkpointKeys: () => files.list(CHECKPOINTS),
    removeResult: (key: string) => files.remove(`${RESULTS}/${key}`),
    /** Keys of the results that wait, whole or not. */
    resultKeys: () => files.list(RESULTS),
    setAside: (job: SetAside) => files.write(asideOf(job.key), `${JSON.stringify(job, undefined, 2)}\n`),
    async listSetAside(): Promise<readonly SetAside[]> {
      const paths = (await files.list(SET_ASIDE)).filter((name) => name.endsWith('.json')).map((name) => `${SET_ASIDE}/${name}`);
      const contents = await Promise.all(paths.sort().map((path) => files.read(path, FILE_LIMITS.json)));
      return contents.flatMap((bytes, i) => (bytes === undefined ? [] : [checked(`${place}/${paths[i]!}`, setAsideOption, bytes)]));
    },
    putBack: (key: string) => files.remove(asideOf(key)),
    /** Removes all but the jobs that are set aside, after the last result was added. */
    async clear(): Promise<void> {
      await files.remove(PLAN);
      await files.removeAll([RESULTS, CHECKPOINTS]);
    },
  };
}

export type JobFolder = ReturnType<typeof jobFolder>;

/** What a file says, checked as what a user writes: a folder may be shared. */
function checked<Given, Used>(file: string, option: Option<Given, Used>, bytes: Uint8Array): Used {
  return parseOptions(file, option, parsed(file, bytes));
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
