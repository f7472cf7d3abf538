import type { ChildProcess } from 'node:child_process';

import { NetSpaceError, type StepProgress } from '@netspace/prep';

import { forkScript } from '../runtime/process/child-script.js';
import { recommendedEnvironment } from '../runtime/process/recommended-environment.js';
import { type JobAnswer, type JobRequest, receivedError } from './job-messages.js';
import type { WorkKind } from './work-kind.js';

/** Told of a job while it runs. */
export interface JobWatch {
  readonly onStep?: ((progress: StepProgress) => void) | undefined;
  /** Called when a process that is ready takes the job. */
  readonly onBegin?: ((pid: number | undefined) => void) | undefined;
}

/** Processes that run the jobs of one zoo, each one job at a time. */
export interface JobProcesses {
  /**
   * Runs a job in a process that is free, or in a new one. When this returns, the result is in the zoo's folder of jobs.
   *
   * @throws NetSpaceError as the job, `ABORTED` when the signal stopped it, `UNAVAILABLE` if a process ended before it could begin
   * @throws Error for every other error of the job, such as that its process was killed
   */
  run(request: JobRequest, watch?: JobWatch): Promise<void>;
  /** Ends all processes. */
  close(): void;
}

export interface JobProcessesOptions {
  /** The zoo's folder, which has a plan. */
  readonly zoo: string;
  /** @default 'build' */
  readonly kind?: WorkKind | undefined;
  /** In place of the plan's data, on this machine. */
  readonly data?: string | undefined;
  /** In place of the plan's space, on this machine. */
  readonly space?: string | undefined;
  /** Threads of each process. */
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * Starts a process that runs `job-main`.
   * @default forkScript
   */
  readonly fork?: ((args: readonly string[], env: NodeJS.ProcessEnv) => ChildProcess) | undefined;
}

const forkMain: NonNullable<JobProcessesOptions['fork']> = (args, env) => forkScript('jobs/job-main', { args, env });

export function jobProcesses({
  zoo,
  kind = 'build',
  data = '',
  space = '',
  threads,
  signal,
  fork = forkMain,
}: JobProcessesOptions): JobProcesses {
  const count = String(threads);
  const env = {
    ...{ ...process.env, ...recommendedEnvironment() },
    ...{ NETSPACE_THREADS: count, OMP_NUM_THREADS: count, TF_NUM_INTRAOP_THREADS: count },
  };
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const close = (): void => {
    for (const worker of all) worker.kill();
  };
  signal?.addEventListener('abort', close, { once: true });
  const take = (): Worker => {
    const free = idle.pop();
    if (free !== undefined) return free;
    const worker = startWorker(fork([zoo, kind, data, space], env));
    all.add(worker);
    void worker.ended.then(() => {
      all.delete(worker);
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
    });
    return worker;
  };
  return {
    async run(request, watch = {}) {
      if (signal?.aborted) throw stopped();
      const worker = take();
      try {
        await worker.run(request, watch);
      } catch (error) {
        throw signal?.aborted ? stopped() : error;
      }
      idle.push(worker);
    },
    close() {
      signal?.removeEventListener('abort', close);
      close();
    },
  };
}

const stopped = (): NetSpaceError => new NetSpaceError('ABORTED', 'jobProcesses: stopped by its signal');

interface Worker {
  run(request: JobRequest, watch: JobWatch): Promise<void>;
  kill(): void;
  /** Resolves with how it ended. */
  readonly ended: Promise<string>;
}

function startWorker(child: ChildProcess): Worker {
  let errors = '';
  child.stdout?.resume();
  child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      const last = errors.trim().split('\n').at(-1) ?? '';
      resolve(`${signal === null ? `ended with code ${code}` : `ended by ${signal}`}${last === '' ? '' : `: ${last}`}`);
    });
  });
  /** The next answer of a kind, or the error that came in its place. */
  const answer = (wanted: 'ready' | 'ended', onStep?: JobWatch['onStep']): Promise<void> =>
    new Promise((resolve, reject) => {
      const listen = (got: JobAnswer): void => {
        if (got.kind === 'step') onStep?.(got);
        if (got.kind !== wanted && got.kind !== 'failed') return;
        child.off('message', listen);
        if (got.kind === 'failed') {
          child.kill('SIGTERM'); // whatever is wrong with it, the next job has a new one
          reject(receivedError(got.error));
        } else resolve();
      };
      child.on('message', listen);
      void ended.then(() => child.off('message', listen));
    });
  const ready = answer('ready');
  ready.catch(() => undefined); // told when a job is asked for
  return {
    ended,
    kill: () => void child.kill('SIGTERM'),
    async run(request, { onStep, onBegin }) {
      await Promise.race([ready, ended.then((how) => Promise.reject(neverBegan(how)))]);
      const answered = answer('ended', onStep);
      onBegin?.(child.pid);
      child.send(request, () => undefined); // one that is gone says so by its end
      await Promise.race([answered, ended.then((how) => Promise.reject(new Error(`its process ${how}`)))]);
    },
  };
}

const neverBegan = (how: string): NetSpaceError =>
  new NetSpaceError('UNAVAILABLE', `jobProcesses: expected a process that starts, got one that ${how}; netspace doctor says more`);
