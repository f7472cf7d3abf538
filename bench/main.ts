// `npm run bench [-- --set steps,uses,growth,explorer,store,zoos,quality --peers --only TEXT --runtimes tensorflow,wasm --rounds N --threads N --seeds 0,1,2
// --minutes N --out DIR/ --plots DIR/]`: times our runtimes side by side, and PyTorch with --peers.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { doctor, recommendedEnvironment } from '@netspace/node';

import { startContender, type Contender } from './contender.js';
import { benchExplorer } from './explorer/bench-explorer.js';
import { measure, type Measurement } from './measure.js';
import { installPeers, peersPython, startPeer } from './peers.js';
import { plotResults } from './plots.js';
import { benchQuality } from './quality/bench-quality.js';
import type { Result } from './result.js';
import { machineFacts, taken, writeResults } from './results.js';
import { SCENARIOS, type Scenario } from './scenario.js';
import { benchStore } from './store/bench-store.js';
import { renderTable } from './table.js';
import { benchZoos } from './zoos/bench-zoos.js';

const { values } = parseArgs({
  options: {
    set: { type: 'string', default: [...Object.keys(SCENARIOS), 'explorer', 'store', 'zoos'].join(',') },
    peers: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    runtimes: { type: 'string' },
    rounds: { type: 'string' },
    threads: { type: 'string', default: String(cpus().length) },
    seeds: { type: 'string', default: '0' },
    minutes: { type: 'string', default: '10' },
    out: { type: 'string', default: new URL('results/', import.meta.url).pathname },
    plots: { type: 'string', default: new URL('../docs/images/', import.meta.url).pathname },
  },
});

const root = new URL('..', import.meta.url).pathname;
const threads = Number(values.threads);
// The same for all: glibc keeps the memory of large tensors, and as many threads.
const env = { ...recommendedEnvironment(), OMP_NUM_THREADS: String(threads), TF_NUM_INTRAOP_THREADS: String(threads) };
if (values.peers && peersPython() === undefined) installPeers();
const python = values.peers ? peersPython() : undefined;

const usable = (await doctor()).filter(({ usable, name }) => usable && name !== 'cpu').map(({ name }) => name);
const runtimes = values.runtimes?.split(',') ?? usable;

const ours = (runtime: string, scenario: Scenario) =>
  startContender(
    scenario.kind === 'layers-model' ? `${runtime}, as tf.LayersModel` : runtime,
    process.execPath,
    ['--expose-gc', '--import', 'tsx', `${root}bench/serve.ts`, runtime, JSON.stringify(scenario)],
    { ...env, TSX_TSCONFIG_PATH: `${root}tsconfig.json` },
  );

/** Contenders that take turns; each by itself where they would not fit into memory together. */
async function runScenario(scenario: Scenario): Promise<Result> {
  const rounds = values.rounds === undefined ? scenario.rounds : Number(values.rounds);
  const measurements: Measurement[] = [];
  const failures: string[] = [];
  const all = startersOf(scenario);
  for (const group of scenario.apart ? all.map((one) => [one]) : [all]) {
    const started = await Promise.allSettled(group.map((start) => start()));
    const contenders = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    failures.push(...started.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : [])));
    try {
      measurements.push(...(await measure(contenders, { rounds })));
    } finally {
      for (const contender of contenders) contender.stop();
    }
  }
  return { scenario, taken: taken(), measurements, failures };
}

function startersOf(scenario: Scenario): (() => Promise<Contender>)[] {
  // A predicted network takes turns with the same network as anybody would write it.
  const variants = scenario.kind === 'inference' ? [scenario, { ...scenario, kind: 'layers-model' as const }] : [scenario];
  const starters = runtimes.flatMap((runtime) => variants.map((variant) => () => ours(runtime, variant)));
  if (python === undefined || !scenario.peer) return starters;
  return [...starters, ...[false, true].map((thrifty) => () => startPeer(python, scenario, { thrifty, threads, env }))];
}

mkdirSync(values.out, { recursive: true });
mkdirSync(values.plots, { recursive: true });
for (const [set, scenarios] of Object.entries(SCENARIOS).filter(([name]) => values.set.split(',').includes(name))) {
  const chosen = scenarios.filter(({ name }) => name.includes(values.only));
  if (chosen.length === 0) continue;
  for (const [done, scenario] of chosen.entries()) {
    const result = await runScenario(scenario);
    console.log(`${set}, ${done + 1} of ${chosen.length}\n${renderTable([result])}`);
    // After each: a run of an hour that is stopped keeps what it has.
    const all = writeResults(`${values.out}${set}`, { machine: machineFacts(threads, python), results: [result] });
    for (const [name, svg] of plotResults(set, all)) writeFileSync(`${values.plots}${name}`, svg);
  }
}
if (values.set.split(',').includes('explorer')) await benchExplorer(values.out);
if (values.set.split(',').includes('store')) await benchStore(values.out);
if (values.set.split(',').includes('zoos')) {
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  await benchZoos({ out: values.out, only: values.only, runtimes, python, rounds, env: recommendedEnvironment() });
}
// An hour and more: only if it is asked for.
if (values.set.split(',').includes('quality')) {
  const seeds = values.seeds.split(',').map(Number);
  await benchQuality({
    out: values.out,
    plots: values.plots,
    only: values.only,
    runtimes,
    python,
    seeds,
    minutes: Number(values.minutes),
    threads,
    env,
  });
}
