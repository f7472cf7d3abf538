import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { refineEmbedding } from '@netspace/explore';
import { NetSpace } from '@netspace/model';
import { directoryFiles, selectRuntime } from '@netspace/node';
import { readSafetensors, rawToFloat32 } from '@netspace/formats';
import { architectureByName, openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { gridOf, iou, valuesOf } from './sdf/fields.js';
await selectRuntime({ prefer: 'tensorflow' });
const base = process.argv[2]!;
const zoo = async (prefix: string, take: number) => {
  const dir = readdirSync(join(base, 'zoos')).find((d) => d.startsWith(prefix))!;
  const store = openInstanceStore(directoryFiles(join(base, 'zoos', dir)));
  const names = (await store.list()).map((r) => r.name);
  const out = [];
  for (const name of names.slice(0, take)) { const { record: _, ...instance } = await store.load(name); out.push(instance); }
  return out;
};
const arch = architectureByName('siren-3-64x1-1');
const known = await zoo('seats-known', 1e9);
const space = new NetSpace({ architectures: [arch], prepShape: [8, 576], preset: 'small', embeddingSize: 512, encoderWidth: 32, start: { from: 'instance', instance: known[0]! }, units: { of: known } , seed: 0 });
const mean = { architecture: arch, parameters: arch.parameters.map((_, i) => tf.tidy(() => tf.mean(tf.stack(known.map((k) => k.parameters[i]!)), 0))) };
const space2 = new NetSpace({ architectures: [arch], prepShape: [8, 576], preset: 'small', embeddingSize: 512, encoderWidth: 32, start: { from: 'instance', instance: mean }, units: { of: known }, seed: 0 });
space.dispose();
const dir = readdirSync(join(base, 'spaces'))[0]!;
const { tensors } = readSafetensors(readFileSync(join(base, 'spaces', dir, 'checkpoint.safetensors')));
for (const [name, variable] of Object.entries(space2.variables)) { const raw = tensors.get(`space/${name}`)!; variable.assign(tf.tensor(rawToFloat32(raw), [...raw.shape])); }
const t = tensors.get('space/embeddings/table')!;
const table = tf.mul(tf.tensor2d(rawToFloat32(t), [t.shape[0]!, t.shape[1]!]), 3) as tf.Tensor2D;
const zm = tf.mean(table, 0, true) as tf.Tensor2D;
console.log('spread', (await tf.moments(table, 0).variance.mean().sqrt().data())[0]);
const grid = gridOf(28, 0.6);
const iouOf = async (e: tf.Tensor2D, instance: (typeof known)[number]) => { const [net] = await space2.instantiate(e); const r = await iou(await valuesOf(instance, grid), await valuesOf(net!, grid), grid); tf.dispose(net!.parameters as tf.Tensor[]); return r; };
const m = (a: number[]) => (a.reduce((s, x) => s + x, 0) / a.length).toFixed(3);
{ const own: number[] = [], enc: number[] = []; for (let i = 0; i < 512; i += 32) { own.push(await iouOf(tf.slice(table, i, 1), known[i]!)); enc.push(await iouOf(space2.encode([known[i]!]), known[i]!)); } console.log('known own', m(own), 'encoded', m(enc)); }
const sets = { held: await zoo('seats-held-out', 10), real: await zoo('seats-real', 29), refits: await zoo('seats-refits', 6) };
const run = async (label: string, list: typeof known, start: 'mean' | 'encoding', o: object) => {
  const out: number[] = []; const t0 = performance.now();
  for (const one of list) { const s = start === 'mean' ? zm : space2.encode([one]); const { embedding } = await refineEmbedding(space2, one, { start: s, ...o }); out.push(await iouOf(embedding, one)); embedding.dispose(); }
  console.log(label, start, JSON.stringify(o), m(out), `[${out.map((x) => x.toFixed(2)).join(' ')}]`, ((performance.now() - t0) / 1000 / list.length).toFixed(1), 's each');
};
for (const o of JSON.parse(process.argv[3] ?? '[{"steps":300,"batchSize":2048}]') as object[]) { await run('held', sets.held, 'mean', o); await run('held', sets.held, 'encoding', o); }
if (process.argv[4]) for (const kind of ['real', 'refits'] as const) await run(kind, kind === 'real' ? sets.real.filter((_, i) => i % 3 === 0) : sets.refits, 'encoding', JSON.parse(process.argv[4]) as object);
