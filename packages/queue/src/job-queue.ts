import { NetSpaceError } from '@netspace/prep';
import { flag, functionOf, type GivenBy, objectOf, optional, parseOptions, positive, text, withDefault } from '@netspace/prep/internal';
import { Queue, WaitingError, Worker } from 'bullmq';

import { connect, hostOf, queueServer } from './connect.js';
import { patience } from './patience.js';
import { telemetryOf } from './telemetry.js';

/** See {@link OpenJobQueueOptions}. */
export const openJobQueueOptions = objectOf({
  ...queueServer.entries,
  /** Name of the queue: letters, digits and dashes. Queues of one server do not know each other. */
  name: text,
  /**
   * How long a job belongs to a worker that gives no sign of life, in milliseconds. A worker gives one after half that time.
   * @default 30_000
   */
  lockMs: withDefault(positive, 30_000),
  /**
   * Called when the server cannot be reached or is full, with what is wrong, and again when it is well. Calls to the queue wait meanwhile.
   * @default nothing
   */
  onOutage: optional(functionOf<(problem: string | undefined) => void>()),
  /**
   * Whether jobs are traced and counted through OpenTelemetry's API, for which the package `bullmq-otel` has to be installed. A worker's span of a
   * job belongs to the trace in which the job was added.
   * @default false
   */
  telemetry: withDefault(flag, false),
});

/** Options of {@link openJobQueue}. */
export interface OpenJobQueueOptions extends GivenBy<typeof openJobQueueOptions> {}

/** A job of a queue: data alone. */
export interface QueuedJob<Data> {
  /** Hexadecimal digits; a queue has each key once. */
  readonly key: string;
  /** JSON. */
  readonly data: Data;
}

/** How many jobs a queue has. Jobs that ended well are no longer there. */
export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
}

/** A worker of a queue. */
export interface Working {
  /** Takes no more jobs, and returns when those that it has are back in the queue, or have ended. */
  close(): Promise<void>;
}

/** A queue of jobs that any number of machines share. */
export interface JobQueue<Data> {
  /** Adds jobs. One that is there already is added only if it has failed. */
  add(jobs: readonly QueuedJob<Data>[]): Promise<void>;
  /** The error of each job that failed, by key. A job fails when it throws, or when its worker is gone. */
  failed(): Promise<ReadonlyMap<string, string>>;
  counts(): Promise<QueueCounts>;
  /**
   * Takes jobs and runs them, so many at once.
   *
   * @param run resolves with `again` to put the job back, so that another worker takes it
   * @param name tells others who it is; no blanks
   */
  work(concurrency: number, run: (job: QueuedJob<Data>) => Promise<'done' | 'again'>, name?: string): Working;
  /** Names of the workers that are connected now; undefined if the server does not tell. */
  workers(): Promise<readonly string[] | undefined>;
  /** Keeps a short text with the queue for an hour, for everybody who has it open. */
  tell(text: string): Promise<void>;
  /** The text that was told last; undefined if there is none. */
  told(): Promise<string | undefined>;
  /** Removes the queue with all its jobs. */
  remove(): Promise<void>;
  close(): Promise<void>;
}

/** Keys as BullMQ wants them: no whole numbers. */
const PREFIX = 'job-';
/** Before the name of a worker, in the name of its connection. */
const NAMED = ':w:';
/** Of the text that is told, beside BullMQ's own keys, and how long it is kept, in seconds. */
const TOLD = 'told';
const TOLD_FOR = 3600;
const keyOf = (id: string | undefined): string => (id ?? '').slice(PREFIX.length);

/**
 * Opens a queue on a server. The queue is made by the first job.
 *
 * Calls wait while the server is gone, and go on when it is back.
 *
 * @throws NetSpaceError `INVALID_OPTION` for an address that is none, `UNAVAILABLE` if no server answers there within 10 s, or it asks for another
 * password, or a package is missing for telemetry
 * @example
 * ```ts no-run
 * import { openJobQueue } from '@netspace/queue';
 *
 * const queue = await openJobQueue<number>({ url: 'redis://localhost', name: 'squares' });
 * await queue.add([2, 3].map((data) => ({ key: `a${data}`, data })));
 * const working = queue.work(1, async ({ data }) => {
 *   console.log(data * data); // 4, then 9
 *   return 'done';
 * });
 * ```
 */
export async function openJobQueue<Data>(options: OpenJobQueueOptions): Promise<JobQueue<Data>> {
  const { name, lockMs, telemetry, ...server } = parseOptions('openJobQueue', openJobQueueOptions, options);
  if (!/^[\w-]+$/.test(name)) {
    throw new NetSpaceError('INVALID_OPTION', `openJobQueue: expected a name of letters, digits and dashes, got ${JSON.stringify(name)}`);
  }
  const traced = telemetry ? { telemetry: await telemetryOf('@netspace/queue') } : {};
  const connection = await connect(server);
  const queue = new Queue<Data, void>(name, {
    connection,
    ...traced,
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: false, stackTraceLimit: 0 },
  });
  queue.on('error', () => undefined); // the connection tells
  let closed = false;
  const patiently = patience({ host: hostOf(server.url), onOutage: server.onOutage, isClosed: () => closed });
  const failed = async (): Promise<ReadonlyMap<string, string>> => {
    if ((await queue.getFailedCount()) === 0) return new Map();
    return new Map((await queue.getFailed()).map(({ id, failedReason }) => [keyOf(id), failedReason]));
  };
  return {
    add: (jobs) =>
      patiently(async () => {
        const before = await failed();
        for (const { key } of jobs) if (before.has(key)) await queue.remove(PREFIX + key);
        await queue.addBulk(jobs.map(({ key, data }) => ({ name: 'job', data, opts: { jobId: PREFIX + key } }) as never));
      }),
    failed: () => patiently(failed),
    counts: () =>
      patiently(async () => {
        const { waiting = 0, active = 0, failed = 0 } = await queue.getJobCounts('waiting', 'active', 'failed');
        return { waiting, active, failed };
      }),
    workers: () =>
      patiently(async () => {
        const database = String(connection.options.db ?? 0); // a worker of another database has a queue of the same name, and none of its jobs
        const clients = (await queue.getWorkers()).filter(({ db = database }) => db === database);
        const names = clients.map((client) => client['rawname']);
        if (names.some((one) => one === undefined)) return undefined; // some servers list no clients
        return [...new Set(names.map((one) => one!.slice(one!.indexOf(NAMED) + NAMED.length)))];
      }),
    work(concurrency, run, own) {
      const worker = new Worker<Data, void>(
        name,
        async (job, token) => {
          if ((await run({ key: keyOf(job.id), data: job.data })) === 'done') return;
          await job.moveToWait(token);
          throw new WaitingError();
        },
        {
          connection,
          concurrency,
          ...traced,
          ...(own !== undefined && { name: own }),
          // A job whose worker is gone fails, and who added it decides whether to try again.
          ...{ lockDuration: lockMs, stalledInterval: lockMs, maxStalledCount: 0 },
          runRetryDelay: 1000,
        },
      );
      worker.on('error', () => undefined); // the connection tells
      return { close: () => within(CLOSING, worker.close()) };
    },
    tell: (text) => patiently(async () => void (await connection.set(queue.toKey(TOLD), text, 'EX', TOLD_FOR))),
    told: () => patiently(async () => (await connection.get(queue.toKey(TOLD))) ?? undefined),
    async remove() {
      await connection.del(queue.toKey(TOLD));
      await queue.obliterate({ force: true });
    },
    async close() {
      closed = true;
      await within(CLOSING, queue.close());
      connection.disconnect();
    },
  };
}

/** How long to say goodbye to a server, which may be gone, in milliseconds. */
const CLOSING = 3000;

/** Waits until a promise has settled, but no longer than so many milliseconds. */
async function within(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  let timer;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([promise.then(() => undefined, () => undefined), late]); // prettier-ignore
  clearTimeout(timer);
}
