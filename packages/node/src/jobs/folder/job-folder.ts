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
import type { Draft } from '@netspace/zoo/internal';

import { FILE_LIMITS } from '../../files/read-regular-file.js';
import { isNamedRecord, type NamedBytes } from '../job.js';
import { jobFiles } from './job-files.js';
import type { JobOrigin } from '../job-key.js';
import { type JobResult, jobResultBytes, readJobResult } from './job-result.js';
import { type Presence, presenceOption } from '../queue/presence.js';
import { jobsFolderOf, type WorkKind } from '../work-kind.js';
import { workSource } from '../works/work-source.js';

const texts: Option<JobOrigin> = valueOf<JobOrigin>(
  'texts by name',
  (value) => typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string'),
);

/** What the workers of a zoo need to know, as the command that plans the jobs left it. */
const planOption = objectOf({
  source: workSource,
  origin: texts,
  /** Networks that are wanted, and those that were there when the work began. */
  total: whole,
  present: whole,
  /** When it began, in milliseconds since 1970. */
  begun: nonNegative,
  /** Of the queue from which workers take the jobs, if there is one. */
  queueId: optional(text),
  /** What its jobs need of memory, in MiB: one queue for each. */
  needs: optional(listOf(whole, 'a list of numbers', 1)),
});
export type JobPlanFile = UsedBy<typeof planOption>;

const sizesOption = valueOf<Readonly<Record<string, number>>>(
  'numbers by key',
  (value) => typeof value === 'object' && value !== null && Object.values(value).every(Number.isSafeInteger),
);

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
const BEAT = 'beat';
const PRESENCE = 'workers.json';
const SIZES = 'sizes.json';
const RESULTS = 'results';
const CHECKPOINTS = 'checkpoints';
const SET_ASIDE = 'set-aside';
const asideOf = (key: string): string => `${SET_ASIDE}/${key}.json`;

/**
 * The folder `.jobs` of a zoo: the plan, results that wait until the networks before theirs are in the zoo, jobs that are half done, and jobs that were set aside.
 * A result that a power cut damages is made again; so nothing is flushed to the disk. Other kinds of work than a build have folders of their own beside it.
 */
export function jobFolder(zoo: string): JobFolder;
export function jobFolder(zoo: string, kind: WorkKind): JobFolder<NamedBytes>;
export function jobFolder(zoo: string, kind: WorkKind = 'build'): JobFolder<NamedBytes> {
  const files = jobFiles(zoo, jobsFolderOf(kind));
  const place = `${zoo}/${jobsFolderOf(kind)}`;
  return {
    place,
    writePlan: (plan: JobPlanFile) => files.write(PLAN, `${JSON.stringify(plan)}\n`),
    async readPlan() {
      const bytes = await files.read(PLAN, FILE_LIMITS.json);
      return bytes && checked(`${place}/${PLAN}`, planOption, bytes);
    },
    writeBeat: (text) => files.write(BEAT, text),
    async readBeat() {
      const bytes = await files.read(BEAT, FILE_LIMITS.json);
      return bytes && new TextDecoder().decode(bytes);
    },
    writePresence: (presence) => files.write(PRESENCE, `${JSON.stringify(presence)}\n`),
    async readPresence() {
      const bytes = await files.read(PRESENCE, FILE_LIMITS.json);
      return bytes && checked(`${place}/${PRESENCE}`, presenceOption, bytes);
    },
    writeSizes: (sizes) => files.write(SIZES, `${JSON.stringify(sizes)}\n`),
    async readSizes() {
      const bytes = await files.read(SIZES, FILE_LIMITS.json);
      return bytes === undefined ? {} : checked(`${place}/${SIZES}`, sizesOption, bytes);
    },
    writeResult: (key, result) => files.write(`${RESULTS}/${key}`, jobResultBytes(key, result)),
    async readResult(key) {
      const bytes = await files.read(`${RESULTS}/${key}`, FILE_LIMITS.weights);
      return bytes && (kind === 'build' ? readJobResult(key, bytes) : readJobResult(key, bytes, isNamedRecord));
    },
    readCheckpoint: (key) => files.read(`${CHECKPOINTS}/${key}`, FILE_LIMITS.checkpoint),
    writeCheckpoint: (key, bytes) => files.write(`${CHECKPOINTS}/${key}`, bytes),
    removeCheckpoint: (key) => files.remove(`${CHECKPOINTS}/${key}`),
    checkpointKeys: () => files.list(CHECKPOINTS),
    removeResult: (key) => files.remove(`${RESULTS}/${key}`),
    resultKeys: () => files.list(RESULTS),
    setAside: (job) => files.write(asideOf(job.key), `${JSON.stringify(job, undefined, 2)}\n`),
    async listSetAside() {
      const paths = (await files.list(SET_ASIDE)).filter((name) => name.endsWith('.json')).map((name) => `${SET_ASIDE}/${name}`);
      const contents = await Promise.all(paths.sort().map((path) => files.read(path, FILE_LIMITS.json)));
      return contents.flatMap((bytes, i) => (bytes === undefined ? [] : [checked(`${place}/${paths[i]!}`, setAsideOption, bytes)]));
    },
    putBack: (key) => files.remove(asideOf(key)),
    async clear() {
      for (const file of [PLAN, BEAT, PRESENCE, SIZES]) await files.remove(file);
      await files.removeAll([RESULTS, CHECKPOINTS]);
    },
  };
}

/** Jobs of a zoo, and what they give: networks, unless it is said otherwise. */
export interface JobFolder<Given extends NamedBytes = Draft> {
  /** For messages. */
  readonly place: string;
  writePlan(plan: JobPlanFile): Promise<void>;
  readPlan(): Promise<JobPlanFile | undefined>;
  /** A sign of life of the command that plans the jobs; see `makeBeat`. */
  writeBeat(text: string): Promise<void>;
  readBeat(): Promise<string | undefined>;
  /** Who works, as the command that plans the jobs sees it. */
  writePresence(presence: Presence): Promise<void>;
  readPresence(): Promise<Presence | undefined>;
  /** How many networks each job is to give, by its key. */
  writeSizes(sizes: Readonly<Record<string, number>>): Promise<void>;
  /** Empty if nobody has written it. */
  readSizes(): Promise<Readonly<Record<string, number>>>;
  writeResult(key: string, result: JobResult<Given>): Promise<void>;
  /** Undefined if there is none, or no whole one. */
  readResult(key: string): Promise<JobResult<Given> | undefined>;
  readCheckpoint(key: string): Promise<Uint8Array | undefined>;
  writeCheckpoint(key: string, bytes: Uint8Array): Promise<void>;
  removeCheckpoint(key: string): Promise<void>;
  /** Keys of the jobs that are half done. */
  checkpointKeys(): Promise<readonly string[]>;
  removeResult(key: string): Promise<void>;
  /** Keys of the results that wait, whole or not. */
  resultKeys(): Promise<readonly string[]>;
  setAside(job: SetAside): Promise<void>;
  listSetAside(): Promise<readonly SetAside[]>;
  putBack(key: string): Promise<void>;
  /** Removes all but the jobs that are set aside, after the last result was used. */
  clear(): Promise<void>;
}

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
