// Plans zoos of a million networks from figures that were measured: `npx tsx --tsconfig tsconfig.json bench/plan-zoo.ts`. Prints machines, hours, bytes,
// requests and memory as a table, with hours by a simulation of the queue.
// `-- check` runs the simulation against a real queue on a Redis of this machine, whose jobs sleep as long as jobs took, divided by 10.
import { setTimeout } from 'node:timers/promises';

import { randomStream } from '@netspace/prep/internal';
import { openJobQueue } from '@netspace/queue';
import { redisServer } from '@netspace/testing/redis-server';

import measured from './results/plan.json' with { type: 'json' };
import { simulateBuild } from './plan/simulate-build.js';

const { jobs: times, queue, store } = measured;
/** Of a job's time to the mean of its kind. */
const spread = times.seconds.map((seconds) => (seconds * times.seconds.length) / times.seconds.reduce((sum, one) => sum + one, 0));
const CORES = 16;
const NETWORKS = 1_000_000;

const random = (seed: number): (() => number) => {
  const stream = randomStream(seed);
  return () => stream();
};

function plan({ name, steps, atOnce, msAStep, parameters }: (typeof measured.networks)[number], hours: number) {
  const jobs = Math.ceil(NETWORKS / atOnce);
  const seconds = (steps * atOnce * msAStep) / 1000;
  const slots = Math.ceil((jobs * seconds) / (3600 * hours) / CORES) * CORES;
  const batch = 64;
  const builder = { everySeconds: 2, batch, secondsABatch: store.secondsABatch, secondsAJob: store.secondsANetwork * atOnce };
  const simulated = (losses?: Parameters<typeof simulateBuild>[0]['losses']) =>
    simulateBuild({ jobs, jobSeconds: spread.map((one) => one * seconds), slots, queueSeconds: queue.slotMs / 1000, builder, random: random(1), ...(losses && { losses }) }); // prettier-ignore
  const calm = simulated();
  const rough = simulated({ everySeconds: 6 * 3600, checkpointSeconds: 60, goneSeconds: 60 });
  const bytes = NETWORKS * (4 * parameters + store.bytesANetwork);
  const requests =
    jobs * store.requestsAJob + calm.batches * store.requestsABatch + calm.seconds / 2 + (slots / CORES) * (calm.seconds / 10);
  return {
    networks: name,
    jobs: jobs.toLocaleString('en'),
    'a job, min': (seconds / 60).toFixed(1),
    'core hours': Math.round((jobs * seconds) / 3600).toLocaleString('en'),
    [`machines of ${CORES} cores`]: slots / CORES,
    hours: (calm.seconds / 3600).toFixed(1),
    'hours, each machine lost every 6 h': (rough.seconds / 3600).toFixed(1),
    'cores busy': `${(100 * calm.busy).toFixed(1)} %`,
    'builder busy': `${(100 * calm.adding).toFixed(0)} %`,
    'results that wait': calm.waiting,
    GB: Math.round(bytes / 1e9),
    requests: Math.round(requests).toLocaleString('en'),
    'Redis, MB': Math.round((Math.min(jobs, 10_000) * queue.bytesAJob) / 1e6),
  };
}

/** Jobs of measured times through a real queue, sixteen at once on two workers, and by simulation. */
async function check(): Promise<void> {
  const [jobs, slots, faster] = [480, 16, 10];
  const draw = random(7);
  const seconds = Array.from({ length: jobs }, () => times.seconds[Math.floor(draw() * times.seconds.length)]! / faster);
  const server = await redisServer({ keeps: false });
  const empty = await through(server.url, slots, seconds.map(() => 0)); // prettier-ignore
  const real = await through(server.url, slots, seconds);
  await server.stop();
  let next = 0;
  const inOrder = seconds.map((_, i) => (i + 0.5) / jobs); // the jobs of the real run, one after the other
  const builder = { everySeconds: 0.01, batch: 64, secondsABatch: 0, secondsAJob: 0 };
  const slotMs = (1000 * empty * slots) / jobs;
  const simulated = simulateBuild({
    jobs,
    jobSeconds: seconds,
    slots,
    queueSeconds: slotMs / 1000,
    builder,
    random: () => inOrder[next++]!,
  });
  const work = seconds.reduce((sum, one) => sum + one, 0);
  console.log(
    JSON.stringify({ jobs, slots, meanJobMs: (1000 * work) / jobs, slotMs, real, simulated: simulated.seconds, ideal: work / slots }),
  );
}

/** Seconds that jobs take, each of which sleeps. */
async function through(url: string, slots: number, seconds: readonly number[]): Promise<number> {
  const all = await Promise.all(Array.from({ length: 3 }, () => openJobQueue<number>({ url, name: 'plan' })));
  await all[0]!.add(seconds.map((_, data) => ({ key: data.toString(16).padStart(32, '0'), data })));
  const begun = performance.now();
  let done = 0;
  const working = all.slice(1).map((one) =>
    one.work(slots / 2, async ({ data }) => {
      await setTimeout(1000 * seconds[data]!);
      done++;
      return 'done';
    }),
  );
  while (done < seconds.length) await setTimeout(10);
  const took = (performance.now() - begun) / 1000;
  await Promise.all(working.map((one) => one.close()));
  await Promise.all(all.map((one) => one.close()));
  return took;
}

if (process.argv.includes('check')) await check();
else {
  const rows = measured.networks.map((one) => plan(one, one.hours));
  const keys = Object.keys(rows[0]!) as (keyof (typeof rows)[number])[];
  console.log([`| ${keys.join(' | ')} |`, `|${keys.map(() => ' --- ').join('|')}|`, ...rows.map((row) => `| ${keys.map((key) => row[key]).join(' | ')} |`)].join('\n')); // prettier-ignore
}
