// Takes rounds on request: `serve.ts RUNTIME SCENARIO_JSON`, a line in is a round, a JSON line out its time. The twin of peers/serve.py.
import { createInterface } from 'node:readline';

import { selectRuntime } from '@netspace/node';
import * as tf from '@tensorflow/tfjs-core';

import { rounds } from './rounds.js';
import type { Scenario } from './scenario.js';

const runtime = await selectRuntime({ prefer: process.argv[2] as 'tensorflow' });
const scenario = JSON.parse(process.argv[3]!) as Scenario;
const round = rounds(scenario);
console.log(JSON.stringify({ ready: true, runtime: runtime.name, version: runtime.version, threads: runtime.threads }));

for await (const _line of createInterface({ input: process.stdin })) {
  const start = performance.now();
  for (let i = 0; i < scenario.repeats; i++) await round();
  const seconds = (performance.now() - start) / 1000 / scenario.repeats;
  console.log(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024, tensors: tf.memory().numTensors }));
}
