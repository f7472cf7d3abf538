// Where a training step's time goes, by kernel and shape, beside the machine's GEMM peak:
//   npx tsx --tsconfig tsconfig.json bench/profile.ts [RUNTIME] [part of a scenario's name] [ROUNDS]
// Processor-bound backends only (tensorflow, wasm, cpu): there a kernel is done when its call returns.
import { respawnForSpeed, selectRuntime, type RuntimeName } from '@netspace/node';
import * as tf from '@tensorflow/tfjs-core';

import { median } from './measure.js';
import { recordKernels, type KernelCall } from './profile/record-kernels.js';
import { rounds } from './rounds.js';
import { SCENARIOS } from './scenario.js';

await respawnForSpeed();

const [runtimeName = 'tensorflow', part = 'single', count = '3'] = process.argv.slice(2);
const runtime = await selectRuntime({ prefer: runtimeName as RuntimeName });
const steps = SCENARIOS['steps'] ?? [];
const scenario = steps.find(({ name }) => name.includes(part));
if (!scenario) throw new Error(`bench/profile: expected part of ${steps.map(({ name }) => name).join(', ')}, got ${part}`);
const peak = gemmPeak();
const round = rounds(scenario);
const recorder = recordKernels(runtime.name === 'tensorflow-gpu' ? 'tensorflow' : runtime.name);
for (let warmup = 0; warmup < 2; warmup++) await round();

const seconds: number[] = [];
const calls: KernelCall[] = [];
const [before, faults] = [process.cpuUsage(), process.resourceUsage().minorPageFault];
for (let i = 0; i < Number(count); i++) {
  recorder.take();
  const start = performance.now();
  await round();
  seconds.push((performance.now() - start) / 1000);
  calls.push(...recorder.take());
}
const { user, system } = process.cpuUsage(before);
const perStep = (value: number): number => value / Number(count);

const whole = median(seconds);
const inKernels = perStep(calls.reduce((sum, { milliseconds }) => sum + milliseconds, 0)) / 1000;
console.log(`${scenario.name}, ${runtime.name} ${runtime.version}, ${runtime.threads} threads; per step, mean of ${count} rounds`);
console.log(
  `step ${whole.toFixed(3)} s (median), in kernels ${inKernels.toFixed(3)} s; processor: user ${perStep(user / 1e6).toFixed(2)} s,`,
);
console.log(
  `system ${perStep(system / 1e6).toFixed(2)} s, ${Math.round(perStep(process.resourceUsage().minorPageFault - faults))} page faults;`,
);
console.log(`largest memory ${(process.resourceUsage().maxRSS / 2 ** 20).toFixed(2)} GiB; GEMM 2048³ ${peak.toFixed(0)} GFLOP/s`);
const most = calls.reduce((a, b) => (b.bytesHeld > a.bytesHeld ? b : a));
console.log(`most bytes in tensors ${(most.bytesHeld / 2 ** 30).toFixed(2)} GiB, at ${most.kernel} ${most.shapes}`);
table('kernel', ({ kernel }) => kernel);
table('kernel and shapes', ({ kernel, shapes }) => `${kernel} ${shapes}`);
process.exit(0);

/** One row for each key, the most expensive first, down to what is next to nothing. */
function table(title: string, keyOf: (call: KernelCall) => string): void {
  const groups = new Map<string, { calls: number; milliseconds: number; products: number }>();
  for (const call of calls) {
    const group = groups.get(keyOf(call)) ?? { calls: 0, milliseconds: 0, products: 0 };
    group.calls++;
    group.milliseconds += call.milliseconds;
    group.products += call.products;
    groups.set(keyOf(call), group);
  }
  console.log(`\n| ${title} | calls | ms | share | GFLOP/s | of GEMM |\n| --- | --- | --- | --- | --- | --- |`);
  const sorted = [...groups].sort(([, a], [, b]) => b.milliseconds - a.milliseconds);
  for (const [key, { calls: times, milliseconds, products }] of sorted) {
    const share = perStep(milliseconds) / whole / 10;
    if (share < 0.25) break;
    const speed = (2 * products) / milliseconds / 1e6;
    const speeds = products === 0 ? ' | ' : `${speed.toFixed(0)} | ${((100 * speed) / peak).toFixed(0)} %`;
    console.log(`| ${key} | ${perStep(times).toFixed(0)} | ${perStep(milliseconds).toFixed(1)} | ${share.toFixed(1)} % | ${speeds} |`);
  }
}

/** GFLOP/s of a large square product. */
function gemmPeak(): number {
  const n = runtime.name === 'tensorflow' ? 2048 : 512;
  const a = tf.randomNormal<tf.Rank.R2>([n, n]);
  const times = Array.from({ length: 8 }, () => {
    const start = performance.now();
    tf.matMul(a, a).dispose();
    return performance.now() - start;
  });
  a.dispose();
  return (2 * n ** 3) / median(times.slice(2)) / 1e6;
}
