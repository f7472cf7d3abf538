// Started by `jobProcesses` in a process of its own: reads the plan of the zoo in the folder that the argument names, then runs jobs of it.
import { NetSpaceError } from '@netspace/prep';

import { architecturesIn } from '../architectures/architectures-in.js';
import { selectRuntime } from '../runtime/select-runtime.js';
import { isRuntimeName } from '../runtime/runtime.js';
import { jobFolder } from './job-folder.js';
import { jobKeys, jobOrigin } from './job-key.js';
import { type JobAnswer, type JobRequest, sentError } from './job-messages.js';
import { assertSameOrigin } from './same-origin.js';
import { runJob } from './run-job.js';
import { planOfSource } from './zoo-source.js';

/** A job that takes longer is kept so often while it is half done, in milliseconds. */
const CHECKPOINT_EVERY = 60_000;
/** Progress is told no more often than this, in milliseconds. */
const TELL_EVERY = 200;

const [zoo = '', data] = process.argv.slice(2);
const folder = jobFolder(zoo);
const send = (answer: JobAnswer): void => void process.send?.(answer);

process.on('SIGINT', () => undefined); // Ctrl-C reaches all processes of a terminal: the one that started this one decides
process.on('disconnect', () => process.exit(1)); // it is gone
const prepared = prepare();
prepared.then(() => send({ kind: 'ready' })).catch((error: unknown) => send({ kind: 'failed', error: sentError(error) }));
process.on('message', (request: JobRequest) => void answer(request));

async function prepare() {
  const file = await folder.readPlan();
  if (file === undefined) throw new NetSpaceError('NOT_FOUND', `worker: expected a build in ${zoo}, got none; start netspace zoo build`);
  const name = file.origin['runtime'] ?? '';
  const runtime = await selectRuntime(isRuntimeName(name) ? { prefer: name } : {});
  const origin = jobOrigin(runtime);
  assertSameOrigin(origin, file.origin);
  const source = { ...file.source, ...(data !== undefined && data !== '' && { data }) };
  const plan = await planOfSource(source, await architecturesIn(zoo));
  return { plan, keys: jobKeys(plan.jobs, origin) };
}

async function answer({ index, key, wanted }: JobRequest): Promise<void> {
  try {
    const { plan, keys } = await prepared;
    if (keys[index] !== key) {
      throw new NetSpaceError('INVALID_OPTION', `worker: expected the data of the build in ${zoo}, got other data; check --data`);
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
    await folder.writeResult(key, await runJob(plan.jobs[index]!, { wanted: new Set(wanted), onStep, checkpoint }));
    await folder.removeCheckpoint(key).catch(() => undefined); // the build removes it at the end
    send({ kind: 'ended' });
  } catch (error) {
    send({ kind: 'failed', error: sentError(error) });
  }
}
