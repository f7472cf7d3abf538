// `npm run fuzz -- [READER …] [--minutes N] [--seed S] [--json FILE]`: changes real files at random and reads them. A reader may accept or refuse
// (NetSpaceError); any other error, more than 2 s, more than 1 GiB, a leaked tensor or an accepted file that contradicts itself is a fault, and told with what makes the input again.
// `--show READER/SEED/NUMBER` writes that input to standard output.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

import { ACCEPTED, AT, BEGUN, DONE, MEMORY, STOP, type FuzzJob } from './fuzz-job.js';
import { mutant } from './mutate.js';
import { READERS } from './readers.js';

const HANG_MS = 2000;
const MEMORY_LIMIT_MIB = 1024;

/** Loading the readers' modules takes seconds: a worker goes on with the next reader unless an input was too much for it. */
let idle: Worker | undefined;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    show: { type: 'string' },
  },
});
if (values.show !== undefined) {
  const [reader, seed, number] = values.show.split('/');
  process.stdout.write(mutant((await READERS[reader!]!()).seeds, Number(seed), reader!, Number(number)));
} else {
  const names = positionals.length > 0 ? positionals : Object.keys(READERS);
  const unknown = names.find((name) => !(name in READERS));
  if (unknown !== undefined) throw new Error(`expected readers among ${Object.keys(READERS).join(', ')}, got ${unknown}`);
  const seconds = (Number(values.minutes) * 60) / names.length;
  const results = [];
  for (const name of names) results.push(await fuzz(name, Number(values.seed), seconds));
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results, undefined, 1));
  await idle?.terminate();
  const inputs = results.reduce((sum, { tried }) => sum + tried, 0);
  const faults = results.reduce((sum, { faults: list }) => sum + list.length, 0);
  console.log(`${inputs} inputs, ${faults} faults`);
  process.exitCode = faults > 0 ? 1 : 0;
}

/** What a worker says of an input. */
interface Told {
  readonly kind: string;
  readonly iteration: number;
  readonly detail: string;
}

interface Fault {
  readonly kind: string;
  readonly input: string;
  readonly detail: string;
}

async function fuzz(reader: string, seed: number, seconds: number) {
  const faults: Fault[] = [];
  const total = { tried: 0, accepted: 0, mib: 0 };
  let left = 1000 * seconds;
  for (let from = 0; left > 0 && faults.length < 20;) {
    const { state, hung, ms } = await round({ reader, seed, from, ms: left, faults });
    left -= ms;
    total.tried += state[BEGUN]!;
    total.accepted += state[ACCEPTED]!;
    total.mib = Math.max(total.mib, state[MEMORY]!);
    if (!hung) break;
    from = state[AT]! + 1;
  }
  if (total.mib > MEMORY_LIMIT_MIB) faults.push({ kind: 'memory', input: `${reader}/${seed}`, detail: `${total.mib} MiB` });
  console.log(`${reader}: ${total.tried} inputs, ${total.accepted} accepted, ${faults.length} faults, ${total.mib} MiB more than at first`);
  for (const { kind, input, detail } of faults) console.log(`  ${kind} ${input}: ${detail.slice(0, 400)}`);
  return { reader, seed, ...total, faults };
}

function takeWorker(): Worker {
  // Node 20 does not hand tsx on to workers: the worker asks for it itself.
  const code = `import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(new URL('worker.ts', import.meta.url).href)})))`;
  const worker = idle ?? new Worker(code, { eval: true });
  idle = undefined;
  return worker;
}

/** One worker, until the time is over or an input takes too long. */
function round({ reader, seed, from, faults, ms }: Omit<FuzzJob, 'state'> & { readonly ms: number; readonly faults: Fault[] }) {
  const state = new Int32Array(new SharedArrayBuffer(5 * 4));
  const worker = takeWorker();
  const add = (kind: string, iteration: number, detail: string) => faults.push({ kind, input: `${reader}/${seed}/${iteration}`, detail });
  return new Promise<{ readonly state: Int32Array; readonly hung: boolean; readonly ms: number }>((resolve) => {
    let seen = -1;
    let since = performance.now();
    let start = since; // of the first input: loading a reader's modules takes seconds
    const watch = setInterval(() => {
      const begun = state[BEGUN]!;
      if (begun !== seen) [seen, since] = [begun, performance.now()];
      if (begun === 0) start = since = performance.now();
      if (performance.now() > start + ms || faults.length >= 20) Atomics.store(state, STOP, 1);
      if (begun === 0 || performance.now() - since < HANG_MS) return;
      add('hang', state[AT]!, `more than ${HANG_MS} ms`);
      finish(true);
      void worker.terminate();
    }, 100);
    const finish = (hung: boolean) => {
      clearInterval(watch);
      worker.off('message', onMessage).off('error', onError);
      resolve({ state, hung: hung && state[BEGUN]! > 0, ms: performance.now() - start });
    };
    const onMessage = (said: Told | typeof DONE): void => {
      if (said === DONE) {
        idle = worker;
        finish(false);
      } else {
        add(said.kind, said.iteration, said.detail);
      }
    };
    const onError = (error: unknown) => {
      add('crash', state[AT]!, String(error));
      finish(true);
    };
    worker.on('message', onMessage).on('error', onError);
    worker.postMessage({ reader, seed, from, state } satisfies FuzzJob);
  });
}
