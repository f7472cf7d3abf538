// `npm run bench [-- --peers --only TEXT --runtimes tensorflow,wasm --rounds N]`: times our runtimes side by side, and PyTorch with --peers.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';

import { doctor, recommendedEnvironment } from '@netspace/node';

import { startContender, type Contender } from './contender.js';
import { measure, type Measurement } from './measure.js';
import { installPeers, peersPython, startPeer } from './peers.js';
import { GROWTH, STEPS, USES, type Scenario } from './scenario.js';
import { renderTable } from './table.js';

const { values } = parseArgs({
  options: {
    peers: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    runtimes: { type: 'string' },
    rounds: { type: 'string' },
    threads: { type: 'string', default: String(cpus().length) },
    out: { type: 'string', default: new URL('results/', import.meta.url).pathname },
  },
});

const root = new URL('..', import.meta.url).pathname;
const threads = Number(values.threads);
const env = { ...recommendedEnvironment(), OMP_NUM_THREADS: String(threads), TF_NUM_INTRAOP_THREADS: String(threads) };
if (values.peers && peersPython() === undefined) installPeers();
const python = values.peers ? peersPython() : undefined;

const usable = (await doctor()).filter((report) => report.usable && report.name !== 'cpu').map((report) => report.name);
const runtimes = values.runtimes?.split(',') ?? usable;

const ours = (runtime: string, scenario: Scenario) =>
  startContender(
    runtime,
    process.execPath,
    ['--expose-gc', '--import', 'tsx', `${root}bench/serve.ts`, runtime, JSON.stringify(scenario)],
    { ...env, TSX_TSCONFIG_PATH: `${root}tsconfig.json` },
  );

const results: { scenario: Scenario; measurements: readonly Measurement[]; failures: readonly string[] }[] = [];
for (const scenario of [...STEPS, ...USES, ...GROWTH].filter(({ name }) => name.includes(values.only))) {
  const contenders: Contender[] = [];
  const failures: string[] = [];
  const starts = runtimes.map((runtime) => ours(runtime, scenario));
  if (python !== undefined && scenario.peer) {
    starts.push(...[false, true].map((thrifty) => startPeer(python, scenario, { thrifty, threads, env })));
  }
  for (const started of await Promise.allSettled(starts)) {
    if (started.status === 'fulfilled') contenders.push(started.value);
    else failures.push(String(started.reason));
  }
  try {
    const measurements = await measure(contenders, { rounds: values.rounds === undefined ? scenario.rounds : Number(values.rounds) });
    results.push({ scenario, measurements, failures });
    console.log(renderTable([{ scenario, measurements, failures }]));
  } finally {
    for (const contender of contenders) contender.stop();
  }
}

const report = {
  date: new Date().toISOString(),
  machine: { cpu: cpus()[0]?.model, cores: cpus().length, threads, memoryBytes: totalmem(), node: process.version },
  results,
};
mkdirSync(values.out, { recursive: true });
const file = `${values.out}${report.date.slice(0, 10)}${values.only === '' ? '' : `-${values.only.replaceAll(/\W+/g, '-')}`}.json`;
writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
console.log(`Written to ${file}`);
