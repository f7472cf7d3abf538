import { respawnForSpeed, selectRuntime, trainNetSpace } from '@netspace/node';
import { NetSpace } from '@netspace/model';
import { architectureByName, initialise } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { recordKernels } from './profile/record-kernels.js';
await respawnForSpeed();
await selectRuntime({ prefer: 'tensorflow' });
const architecture = architectureByName('siren-3-128x1-1');
const instances = Array.from({ length: 24 }, (_, i) => ({ architecture, parameters: initialise(architecture.parameters, { seed: i, scheme: 'siren' }) }));
const near = instances.map((_, i) => Float32Array.from({ length: 6000 }, (_x, j) => Math.sin(i + j) * 0.5));
const space = new NetSpace({ architectures: [architecture], prepShape: [8, 2168], preset: 'small', scaleBias: 'instance', instance: instances[0]!, normalise: instances, seed: 0 });
let n = 0; for (const v of Object.values(space.variables)) n += v.size;
console.log('parameters', n, JSON.stringify(space.config).slice(0, 600));
const rec = recordKernels('tensorflow');
let t = performance.now(); const times: number[] = []; const calls: any[] = [];
for await (const { step } of trainNetSpace(space, { instances, task: { kind: 'sdf', near, bounds: 0.6 }, steps: 40, batch: { nets: 12, inputs: 192 }, learningRate: 1e-4, seed: 0, readEvery: 20 })) {
  const c = rec.take(); times.push(performance.now() - t); if (step > 10) calls.push(...c); t = performance.now();
}
times.sort((a, b) => a - b); console.log('median step', times[20]);
const by = new Map<string, [number, number]>();
for (const { kernel, shapes, milliseconds } of calls) { const k = process.argv[2] === 's' ? kernel + ' ' + shapes : kernel; const e = by.get(k) ?? [0, 0]; e[0] += milliseconds; e[1]++; by.set(k, e); }
let total = 0; for (const [k, [ms]] of by) total += ms; console.log('in kernels', total / 30);
for (const [k, [ms, c]] of [...by].sort((a, b) => b[1][0] - a[1][0]).slice(0, 25)) console.log((ms / 30).toFixed(2), (c / 30).toFixed(0), k);
process.exit(0);
