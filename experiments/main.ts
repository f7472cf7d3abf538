// `npm run experiment -- NAME [--scale smoke|small|paper] [--seed N] [--steps-limit N] [--out DIR] [--processes N] [--queue URL [--work]]`
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { respawnForSpeed } from '@netspace/node';

import { experimentNames, loadExperiment } from './shared/catalog.js';
import { SCALES, type Outcome, type Scale } from './shared/experiment.js';
import { root } from './shared/root.js';
import { runExperiment, runPart, workOnExperiment } from './shared/run-experiment.js';
import { isReached } from './shared/results/write-results.js';
import { untilSignal } from './shared/until-signal.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scale: { type: 'string', default: 'small' },
    seed: { type: 'string', default: '0' },
    'steps-limit': { type: 'string' },
    out: { type: 'string' },
    processes: { type: 'string' },
    queue: { type: 'string' }, // whose workers build the zoos, and make parts
    work: { type: 'boolean', default: false }, // makes parts of an experiment that runs on another machine
    part: { type: 'string' }, // what a process beside the first one is to make
  },
});

const scale = SCALES.find((known): known is Scale => known === values.scale);
const [name] = positionals;
const limit = values['steps-limit'] === undefined ? undefined : Number(values['steps-limit']);
// A small part takes one core; at other scales either the parts take a moment, or one fills the machine.
const processes = values.processes === undefined ? (scale === 'small' ? availableParallelism() : 1) : Number(values.processes);
const whole = [Number(values.seed), limit ?? 1, processes - 1].every((value) => Number.isInteger(value) && value >= 0);
if (name === undefined || positionals.length > 1 || scale === undefined || !whole) {
  console.error(`Usage: npm run experiment -- NAME [--scale ${SCALES.join('|')}] [--seed N] [--steps-limit N] [--out DIR] [--processes N] [--queue URL [--work]]
NAME: ${experimentNames().join(', ')}`);
  process.exit(2);
}

if (scale !== 'smoke') await respawnForSpeed();

const out = values.out ?? join(root, 'out', 'experiments', scale);
const log = (message: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${message}`);

await untilSignal(async (signal) => {
  const experiment = await loadExperiment(name);
  const options = { scale, seed: Number(values.seed), out, log, stepsLimit: limit, queue: values.queue, signal };
  if (values.work && values.part === undefined) await workOnExperiment(experiment, { ...options, processes });
  else if (values.part === undefined) report(await runExperiment(experiment, { ...options, processes }));
  else await runPart(experiment, values.part, options);
});

function report({ outcome, file }: { readonly outcome: Outcome; readonly file: string }): void {
  for (const threshold of outcome.thresholds) {
    const { what, value, atLeast, atMost } = threshold;
    const wanted = [atLeast === undefined ? '' : `≥ ${atLeast}`, atMost === undefined ? '' : `≤ ${atMost}`].filter(Boolean).join(', ');
    const verdict = wanted === '' ? '       ' : isReached(threshold) ? 'reached' : 'MISSED ';
    console.log(`${verdict}  ${what}: ${value.toPrecision(3)}${wanted === '' ? '' : ` (${wanted})`}`);
  }
  console.log(`Written to ${file}`);
}
