// What each kernel of @netspace/kernels takes, beside what it replaces, in turns in one process:
//   npx tsx --tsconfig tsconfig.json bench/kernels.ts wasm|tensorflow [part of a name]
// Processor time of all threads (so that other programs count less), medians; ratios above one: ours is faster.
import * as tf from '@tensorflow/tfjs-core';

import type { KernelCase } from './kernels/kernel-case.js';
import { type KernelMap, startTensorflow, startWasm } from './kernels/start-backends.js';
import { tensorflowCases } from './kernels/tensorflow-cases.js';
import { wasmCases } from './kernels/wasm-cases.js';
import { median } from './measure.js';

const ROUNDS = 5;
const [backend = 'wasm', part = ''] = process.argv.slice(2);
if (backend !== 'wasm' && backend !== 'tensorflow') throw new Error(`bench/kernels: expected wasm or tensorflow, got ${backend}`);
const { shipped, ours } = backend === 'wasm' ? await startWasm() : await startTensorflow();
const cases = backend === 'wasm' ? wasmCases : tensorflowCases();

console.log('| kernel | as shipped | ours | ratio |\n| --- | --- | --- | --- |');
for (const kernelCase of cases.filter(({ name }) => name.includes(part))) console.log(await timeBoth(kernelCase));
process.exit(0);

async function timeBoth({ name, kernel, inputs, attrs = {}, indicesBelow, products, insteadOf }: KernelCase): Promise<string> {
  const random = (key: string, shape: readonly number[]): tf.Tensor =>
    key === 'indices' ? tf.randomUniform([...shape], 0, indicesBelow, 'int32') : tf.randomNormal([...shape]);
  const tensors = tf.tidy(() => Object.fromEntries(Object.entries(inputs).map(([key, shape]) => [key, random(key, shape)])));
  const runWith = (kernels: KernelMap) => kernels.get(kernel) && (() => runKernel(kernels.get(kernel)!, tensors, attrs));
  const contenders = { shipped: runWith(shipped) ?? (() => tf.tidy(() => insteadOf!(tensors))), ours: runWith(ours)! };
  const times: Record<keyof typeof contenders, number[]> = { shipped: [], ours: [] };
  for (let round = -1; round < ROUNDS; round++) {
    for (const who of ['shipped', 'ours'] as const) {
      const milliseconds = await processorTime(contenders[who]);
      if (round >= 0) times[who].push(milliseconds);
    }
  }
  tf.dispose(tensors);
  const [before, after] = [median(times.shipped), median(times.ours)];
  const cell = (ms: number) => `${ms.toFixed(1)} ms${products === undefined ? '' : `, ${((2 * products) / ms / 1e6).toFixed(0)} GFLOP/s`}`;
  const note = shipped.has(kernel) ? '' : ` (lacking: ${products === undefined ? 'in plain operations' : 'a product per tap'})`;
  return `| ${name} | ${cell(before)}${note} | ${cell(after)} | ${(before / after).toFixed(1)}× |`;
}

function runKernel(config: tf.KernelConfig, inputs: Readonly<Record<string, tf.Tensor>>, attrs: tf.NamedAttrMap): tf.Tensor {
  const result = config.kernelFunc({ inputs, attrs, backend: tf.backend() });
  const info = Array.isArray(result) ? result[0]! : result;
  return info instanceof tf.Tensor ? (info as tf.Tensor) : tf.engine().makeTensorFromTensorInfo(info);
}

async function processorTime(run: () => tf.Tensor): Promise<number> {
  const before = process.cpuUsage();
  const result = tf.tidy(run);
  await result.data();
  const { user, system } = process.cpuUsage(before);
  result.dispose();
  return (user + system) / 1000;
}
