// Started by `jobProcesses` in a process of its own: reads the plan of the zoo in the folder that the argument names, then runs jobs of it.
import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

import { selectRuntime } from '../runtime/select-runtime.js';
import { isPrecision, isRuntimeName } from '../runtime/runtime.js';
import { jobFolder } from './folder/job-folder.js';
import { jobKeys, jobOrigin } from './job-key.js';
import { type JobAnswer, type JobRequest, sentError } from './job-messages.js';
import { assertSameOrigin } from './same-origin.js';
import { runJob } from './run-job.js';
import { commandOfWork, WORK_KINDS } from './work-kind.js';
import { planOfWork } from './works/plan-of-work.js';

/** A job that takes longer is kept so often while it is half done, in milliseconds. */
const CHECKPOINT_EVERY = 60_000;
/** Progress is told no more often than this, in milliseconds. */
const TELL_EVERY = 200;

const [zoo = '', of, data = '', space = ''] = process.argv.slice(2);
const kind = WORK_KINDS.find((one) => one === of) ?? 'build';
const folder = jobFolder(zoo, kind);
const send = (answer: JobAnswer): void => void process.send?.(answer);

for (const name of ['SIGINT', 'SIGHUP'] as const) process.on(name, () => undefined); // a terminal tells all its processes: the one that started this one decides
process.on('disconnect', () => process.exit(1)); // it is gone
const prepared = prepare();
prepared.then(() => send({ kind: 'ready' })).catch((error: unknown) => send({ kind: 'failed', error: sentError(error) }));
process.on('message', (request: JobRequest) => void answer(request));

async function prepare() {
  const file = await folder.readPlan();
  if (file === undefined)
    throw new NetSpaceError('NOT_FOUND', `worker: expected jobs in ${folder.place}, got none; start netspace ${commandOfWork(kind)}`);
  const { runtime: name = '', precision } = file.origin;
  const runtime = await selectRuntime({
    ...(isRuntimeName(name) && { prefer: name }),
    ...(isPrecision(precision) && { precision }),
  });
  const origin = jobOrigin(runtime);
  assertSameOrigin(origin, file.origin);
  const jobs = await planOfWork(file.source, { zoo, runtime, ...(data !== '' && { data }), ...(space !== '' && { space }) }).catch(
    (error: unknown) => {
      throw isNetSpaceError(error) && error.code === 'NOT_FOUND' ? notHere(error) : error;
    },
  );
  return { jobs, keys: jobKeys(jobs, origin) };
}

/** A path of the command may lead elsewhere on this machine, or in this working directory. */
const notHere = (error: NetSpaceError): NetSpaceError =>
  new NetSpaceError(
    'NOT_FOUND',
    `${error.message}. The process ran in ${process.cwd()}: netspace worker takes --data${kind === 'encode' ? ' and --space' : ''} where files are elsewhere than the command says`,
    { cause: error },
  );

async function answer({ index, key, wanted }: JobRequest): Promise<void> {
  try {
    const { jobs, keys } = await prepared;
    if (keys[index] !== key) {
      throw new NetSpaceError('INVALID_OPTION', `worker: expected the data of the work in ${zoo}, got other data; check --data`);
    }
    let told = 0;
    const onStep = ({ step, steps }: { readonly step: number; readonly steps: number }): void => {
      if (Date.now() - told < TELL_EVERY) return;
      told = Date.now();
      send({ kind: 'step', step, steps });
    };
    const checkpoint = {
      ...{ key, everyMs: CHECKPOINT_EVERY, read: () => folder.readCheckpoint(key) },
      write: (bytes: Uint8Array) => folder.writeCheckpoint(key, bytes),
    };
    await folder.writeResult(key, await runJob(jobs[index]!, { wanted: new Set(wanted), onStep, checkpoint }));
    await folder.removeCheckpoint(key).catch(() => undefined); // the build removes it at the end
    send({ kind: 'ended' });
  } catch (error) {
    send({ kind: 'failed', error: sentError(error) });
  }
}
