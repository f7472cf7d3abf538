// How much faster two workers are than one: `npx tsx --tsconfig tsconfig.json bench/worker-scaling.ts [--runtime NAME] [--rounds N] [--jobs N] [--steps N]`
// builds the same zoo by one `netspace worker` and by two, in turns, on a real Redis of this machine, and prints networks an hour and their ratio.
// A worker has one process of one thread in both cases. The clock starts when as many jobs have ended as there are workers, and stops with the last:
// start-up does not count, but all that the builder, the queue and the files do beside the jobs does. Stop all other programs first: on two cores
// they slow two workers only. With --bare the same jobs run in processes without queue and workers: what the machine itself gives.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, watch, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { endOf, programOf } from '@netspace/testing/program-of';
import { redisServer } from '@netspace/testing/redis-server';

const number = (text: string): number => Math.max(1, Math.floor(Number(text)));
const { values } = parseArgs({
  options: {
    runtime: { type: 'string', default: 'tensorflow' },
    rounds: { type: 'string', default: '2' },
    jobs: { type: 'string', default: '8' },
    steps: { type: 'string', default: '200' },
    bare: { type: 'boolean', default: false },
  },
});
const jobs = number(values.jobs);
const AT_ONCE = 8;
const ALL = { NETSPACE_RUNTIME: values.runtime, NETSPACE_THREADS: '1', OMP_NUM_THREADS: '1', TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' }; // prettier-ignore

const root = mkdtempSync(join(tmpdir(), 'netspace-scaling-'));
const recipe = join(root, 'recipe.json');
const main = await programOf('packages/node/src/cli/main.ts');
await programOf('packages/node/src/jobs/job-main.ts'); // which the command finds beside it
const server = values.bare ? undefined : await redisServer({ keeps: false });
const children = new Set<ChildProcess>();
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')));

function netspace(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args, '--quiet'], { env: { ...process.env, ...ALL } });
  children.add(child);
  return endOf(child).finally(() => children.delete(child));
}

/** Builds a zoo of twice as many jobs by two workers; gives networks an hour. */
async function rate(workers: number, round: number): Promise<number> {
  const wanted = jobs * workers + workers; // the first of each is not timed
  const group = { architecture: 'lenet-like-1x28x28-10-w0.25', seeds: AT_ONCE * wanted, lengths: [number(values.steps)], unit: 'steps', batchSize: 64, optimizer: { kind: 'adam', learningRate: 0.001 } }; // prettier-ignore
  writeFileSync(recipe, JSON.stringify({ atOnce: AT_ONCE, groups: [group] }));
  const zoo = join(root, `zoo-${workers}-${round}`);
  const results = join(zoo, '.jobs', 'results');
  mkdirSync(results, { recursive: true });
  const ends = new Map<string, number>();
  const watcher = watch(results, (_, name) => {
    if (name !== null && /^[0-9a-f]{32}$/.test(name) && !ends.has(name)) ends.set(name, performance.now());
  });
  const data = ['--train-images', '2000', '--test-images', '200'];
  const how = server === undefined ? ['--concurrency', String(workers)] : ['--queue', server.url];
  const running = [netspace('zoo', 'build', recipe, '--out', zoo, ...data, ...how)];
  if (server !== undefined) for (let i = 0; i < workers; i++) running.push(netspace('worker', '--queue', server.url, '--out', zoo));
  for (const { code, stderr } of await Promise.all(running)) if (code !== 0) throw new Error(stderr);
  watcher.close();
  await setTimeout(500);
  const times = [...ends.values()].sort((a, b) => a - b);
  if (times.length !== wanted) throw new Error(`expected the ends of ${wanted} jobs, saw ${times.length}`);
  const seconds = (times.at(-1)! - times[workers - 1]!) / 1000;
  console.log(`${workers} worker${workers === 1 ? '' : 's'}, round ${round}: ${wanted - workers} jobs in ${seconds.toFixed(1)} s, ${((seconds * workers) / (wanted - workers)).toFixed(2)} s a job, load ${loadavg()[0]!.toFixed(1)}`); // prettier-ignore
  return (3600 * AT_ONCE * (wanted - workers)) / seconds;
}

console.log(`${values.runtime}${values.bare ? ' without queue' : ''}, ${cpus().length} cores (${cpus()[0]!.model}), load ${loadavg()[0]!.toFixed(1)}`); // prettier-ignore
const best = { one: 0, two: 0 };
const ratios: number[] = [];
for (let round = 1; round <= number(values.rounds); round++) {
  const [one, two] = [await rate(1, round), await rate(2, round)];
  ratios.push(two / one);
  best.one = Math.max(best.one, one);
  best.two = Math.max(best.two, two);
}
console.log(`networks an hour: ${best.one.toFixed(0)} by one worker, ${best.two.toFixed(0)} by two: ${(best.two / best.one).toFixed(3)} times as many (rounds: ${ratios.map((ratio) => ratio.toFixed(3)).join(', ')})`); // prettier-ignore
await server?.stop();
rmSync(root, { recursive: true });
