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
const space = new NetSpace({ architectures: [ins[0]!.architecture], prepShape: requiredPRepShape(ins[0]!.architecture, { width: 2824 }), preset: 'small', scaleBias: 'instance', instance: ins[0]!, seed: 0 });
const names = [...(tensors instanceof Map ? tensors.keys() : Object.keys(tensors))];
const get = (n: string) => (tensors instanceof Map ? tensors.get(n) : (tensors as any)[n]);
let set = 0;
for (const [k, v] of Object.entries(space.variables)) { const n = names.find((x) => x.endsWith(k) && !x.includes('optim') && !/moment|first|second|\bm\b|\bv\b/.test(x)); if (!n) { console.log('missing', k, names.slice(0, 5)); continue; } v.assign(tf.tensor(rawToFloat32(get(n)!), v.shape as any) as any); set++; }
console.log('set', set, 'of', Object.keys(space.variables).length);

import { imagesOf } from './shared/images.js'; import { imageBatch } from '@netspace/zoo'; import { thinned } from './shared/thinned.js';
const few = thinned((await imagesOf('cifar10-16')).test, 300); const x = imageBatch(few, [...Array(300).keys()]).images;
const outs = (i: any) => tf.tidy(() => { const l = i.architecture.apply(i.parameters, x) as tf.Tensor2D; return tf.sub(l, tf.mean(l, 1, true)); });
for (let i = 0; i < ins.length; i += 4) { const p = space.instantiate(space.encode([ins[i]!]))[0]!; const [t, q] = [outs(ins[i]), outs(p)];
 const f = async (y: tf.Tensor) => (await y.data())[0]!; const lab = thinned((await imagesOf('cifar10-16')).test, 300).labels; const accq = (await tf.argMax(q, 1).data()).reduce((s, v, k) => s + Number(v === lab[k]), 0) / 300; const acct = (await tf.argMax(t, 1).data()).reduce((s, v, k) => s + Number(v === lab[k]), 0) / 300; const vt = await f(tf.mean(tf.square(t))), vq = await f(tf.mean(tf.square(q))), r = await f(tf.mean(tf.squaredDifference(t, q)));
 console.log(recs[i]!.name.split('-').at(-1), 'acc', acct.toFixed(3), 'pred', accq.toFixed(3), 'rms target', Math.sqrt(vt).toFixed(3), 'predicted', Math.sqrt(vq).toFixed(3), 'rel', (r / vt).toFixed(2)); }
process.exit(0);
