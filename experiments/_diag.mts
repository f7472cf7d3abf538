import { readFileSync } from 'node:fs';
import { readSafetensors, packPReps, rawToFloat32, requiredPRepShape, channelPermutation } from '@netspace/prep';
import { NetSpace } from '@netspace/model';
import { directoryFiles, selectRuntime } from '@netspace/node';
import { openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
await selectRuntime({ prefer: 'tensorflow' });
const zoo = process.argv[2]!, ckpt = process.argv[3]!;
const store = openInstanceStore(directoryFiles(zoo));
const recs = (await store.list()).sort((a, b) => a.seed - b.seed);
const ins = []; for (const r of recs) ins.push(await store.load(r.name));
const acc = recs.map((r) => r.metrics['testAccuracy']!);
const { tensors } = readSafetensors(new Uint8Array(readFileSync(ckpt)), { limits: { maxBytes: 2 ** 31 } } as any);
const space = new NetSpace({ architectures: [ins[0]!.architecture], prepShape: requiredPRepShape(ins[0]!.architecture, { width: 1288 }), preset: 'small', scaleBias: 'instance', instance: ins[0]!, seed: 0 });
const names = [...(tensors instanceof Map ? tensors.keys() : Object.keys(tensors))];
const get = (n: string) => (tensors instanceof Map ? tensors.get(n) : (tensors as any)[n]);
let set = 0;
for (const [k, v] of Object.entries(space.variables)) { const n = names.find((x) => x.endsWith(k) && !x.includes('optim') && !/moment|first|second|\bm\b|\bv\b/.test(x)); if (!n) { console.log('missing', k, names.slice(0, 5)); continue; } v.assign(tf.tensor(rawToFloat32(get(n)!), v.shape as any) as any); set++; }
console.log('set', set, 'of', Object.keys(space.variables).length);
const e = space.encode(ins); const arr = await e.array() as number[][];
const [m] = [tf.mean(e, 0)];
const std = tf.moments(e, 0).variance.sqrt(); console.log('mean |e|', (await tf.mean(tf.abs(e)).data())[0], 'mean std between nets', (await tf.mean(std).data())[0]);
const prep = packPReps([ins[90]!], space.config.prepShape); const flat = await prep.data();
const perms = []; for (let k = 0; k < 20; k++) { const s = channelPermutation(ins[90]!.architecture, (_, c) => { const o = [...Array(c).keys()]; for (let i = c - 1; i > 0; i--) { const j = Math.floor(Math.random() * (i + 1)); [o[i], o[j]] = [o[j]!, o[i]!]; } return o; }); const q = new Float32Array(flat.length); s.forEach((f, t) => (q[t] = flat[f]!)); perms.push(tf.tensor2d(q, space.config.prepShape as [number, number])); }
const ep = space.encode(tf.stack(perms) as tf.Tensor3D); console.log('std within permutations of one', (await tf.mean(tf.moments(ep, 0).variance.sqrt()).data())[0]);
// best single-dimension correlation with accuracy
let best = 0; for (let d = 0; d < arr[0]!.length; d++) { const x = arr.map((r) => r[d]!); const mx = x.reduce((a, b) => a + b) / x.length, ma = acc.reduce((a, b) => a + b) / acc.length; let c = 0, vx = 0, va = 0; x.forEach((v, i) => { c += (v - mx) * (acc[i]! - ma); vx += (v - mx) ** 2; va += (acc[i]! - ma) ** 2; }); best = Math.max(best, Math.abs(c / Math.sqrt(vx * va || 1))); }
console.log('best |corr| of a dimension with accuracy', best);
process.exit(0);
