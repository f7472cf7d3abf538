import v8 from 'node:v8';
v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@netspace/kernels/wasm';
import { NetSpace } from '@netspace/model';
import { resnet8, initialise } from '@netspace/zoo';
import { singleArchitectureLoss } from '@netspace/losses';
import { unpackPReps } from '@netspace/prep';
if (process.argv.includes('threads')) {
  const { enableWasmThreads } = await import('../packages/node/src/runtime/wasm-threads/enable-wasm-threads.js');
  await enableWasmThreads({ threads: 2 });
}
await tf.setBackend('wasm');
await tf.ready();
const times = new Map<string, { ms: number; n: number }>();
let depth = 0;
for (const k of tf.getKernelsForBackend('wasm')) {
  const f = k.kernelFunc;
  (k as any).kernelFunc = (p: any) => {
    if (depth) return f(p);
    depth++;
    const t = process.cpuUsage();
    try {
      return f(p);
    } finally {
      depth--;
      const e = process.cpuUsage(t);
      const ms = (e.user + e.system) / 1e3;
      const key =
        k.kernelName +
        (process.argv.includes('shapes')
          ? ' ' +
            Object.values(p.inputs)
              .slice(0, 3)
              .map((x: any) => `[${x.shape}]`)
              .join(' ')
          : '');
      const o = times.get(key) ?? { ms: 0, n: 0 };
      o.ms += ms;
      o.n++;
      times.set(key, o);
    }
  };
}
const arch = resnet8({ size: 64, classes: 200 });
const space = new NetSpace({ architectures: [arch], prepShape: [16, 10000] });
const B = 2,
  N = +(process.env.IMAGES ?? 128);
const nets = Array.from({ length: B }, (_, i) => ({ architecture: arch, parameters: initialise(arch.parameters, { seed: i }) }));
const x = tf.randomNormal([N, 64, 64, 3]);
const vars = Object.values(space.variables);
for (let step = 0; step < 3; step++) {
  times.clear();
  const t0 = performance.now(),
    c0 = process.cpuUsage();
  const targets = tf.tidy(() => nets.map((n) => arch.apply(n.parameters, x) as tf.Tensor2D));
  const { value, grads } = tf.variableGrads(() => {
    const e = space.encode(nets);
    const { preps } = space.decode(e);
    const groups = unpackPReps(preps, arch);
    const students = nets.map(
      (_, i) =>
        arch.apply(
          groups.map((g) => tf.squeeze(tf.slice(g, i, 1), [0])),
          x,
        ) as tf.Tensor2D,
    );
    return singleArchitectureLoss(students, targets);
  }, vars as any);
  value.dataSync();
  tf.dispose([value, grads, targets]);
  const e = process.cpuUsage(c0);
  console.log(
    'step',
    step,
    ((performance.now() - t0) / 1e3).toFixed(2),
    's wall; cpu',
    ((e.user + e.system) / 1e6).toFixed(2),
    'tensors',
    tf.memory().numTensors,
  );
}
const total = [...times.values()].reduce((a, b) => a + b.ms, 0);
for (const [k, { ms, n }] of [...times].sort((a, b) => b[1].ms - a[1].ms).slice(0, +(process.env.TOP ?? 30)))
  console.log(
    k.padEnd(process.argv.includes('shapes') ? 80 : 28),
    ms.toFixed(0).padStart(7),
    'ms',
    String(n).padStart(5),
    ((100 * ms) / total).toFixed(1) + '%',
  );
