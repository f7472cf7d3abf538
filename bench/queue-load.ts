// What the queue itself costs: `npx tsx bench/queue-load.ts [jobs]` adds jobs that do nothing to a real Redis of this machine, takes them by two
// workers of four jobs at once, and prints milliseconds and bytes a job. Needs redis-server or valkey-server.
import { setTimeout } from 'node:timers/promises';

import { openJobQueue } from '@netspace/queue';
import { redisServer } from '@netspace/testing/redis-server';

const count = Number(process.argv[2] ?? 10_000);
const server = await redisServer({ keeps: false });
const open = () => openJobQueue<object>({ url: server.url, name: 'load' });
const queue = await open();

const empty = await usedMemory();
const jobs = Array.from({ length: count }, (_, index) => {
  const key = index.toString(16).padStart(32, '0');
  return { key, data: { index, key, wanted: [`resnet8-3x32x32-10-s${index}-e100`] } };
});
const adding = performance.now();
for (const job of jobs) await queue.add([job]); // one by one, as a build adds them
const added = performance.now();
const full = await usedMemory();

let done = 0;
const before = process.memoryUsage().heapUsed;
const workers = [await open(), await open()];
const working = workers.map((each) =>
  each.work(4, () => {
    done++;
    return Promise.resolve('done');
  }),
);
while (done < count) await setTimeout(10);
const ended = performance.now();
const after = process.memoryUsage().heapUsed;
await Promise.all(working.map((each) => each.close()));
console.log(
  JSON.stringify({
    jobs: count,
    addMs: round((added - adding) / count),
    takeMs: round((ended - added) / count),
    redisBytesAJob: Math.round((full - empty) / count),
    redisBytesLeft: (await usedMemory()) - empty,
    heapGrewMiB: round((after - before) / 2 ** 20),
  }),
);
await Promise.all([queue, ...workers].map((each) => each.close()));
await server.stop();

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Bytes that the server uses, as it says. */
async function usedMemory(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await server.command('INFO memory'))?.[1]);
}
