import { selectRuntime, trainInstance } from '@netspace/node';
import { architectureByName } from '@netspace/zoo';
import { imagesOf } from './shared/images.js';
import { thinned } from './shared/thinned.js';
import * as tf from '@tensorflow/tfjs-core';
await selectRuntime({ prefer: 'tensorflow' });
const [source, name, lr, batch, seeds, ...lengths] = process.argv.slice(2);
const { train, test } = await imagesOf(source as never);
const few = thinned(test, 1000);
const { imageBatch } = await import('@netspace/zoo');
const x = imageBatch(few, [...Array(few.count).keys()]);
const labels = few.labels;
for (const length of lengths.map(Number)) {
  const probs: Float32Array[] = []; const logits: Float32Array[] = []; const accs: number[] = []; const t = performance.now();
  for (let s = 0; s < Number(seeds); s++) {
    const got = await trainInstance({ architecture: architectureByName(name!), train, test: few, lengths: [length], unit: 'steps', seed: 1000 + s, batchSize: Number(batch), optimizer: { kind: 'adam', learningRate: { kind: 'cosine', learningRate: Number(lr) } } } as never) as never as any;
    let last: any; if (got[Symbol.asyncIterator]) { for await (const g of got) last = g; } else last = Array.isArray(got) ? got.at(-1) : got;
    const inst = last.instance ?? last;
    const l = tf.tidy(() => inst.architecture.apply(inst.parameters, x.images) as tf.Tensor2D);
    const centred = tf.tidy(() => { const c = tf.sub(l, tf.mean(l, 1, true)); return c; });
    logits.push(await centred.data() as Float32Array); const p = tf.softmax(l); const pd = await p.data() as Float32Array; probs.push(pd);
    accs.push(acc(pd));
  }
  const K = probs.length; const m = new Float32Array(probs[0]!.length); for (const p of probs) p.forEach((v, i) => (m[i] += v / K));
  // share of logit variance common to networks: 1 - mean pairwise relative residual/2
  let rel = 0, n = 0; for (let a = 0; a < K; a++) for (let b = 0; b < K; b++) if (a !== b) { let dot = 0, na = 0, nb = 0; logits[a]!.forEach((v, i) => { dot += v * logits[b]![i]!; na += v * v; nb += logits[b]![i]! ** 2; }); rel += dot / Math.sqrt(na * nb); n++; }
  const mean = accs.reduce((a, b) => a + b) / K;
  console.log(name, source, 'lr', lr, 'b', batch, 'steps', length, 'acc', (100 * mean).toFixed(1), 'sd', (100 * Math.sqrt(accs.reduce((s, a) => s + (a - mean) ** 2, 0) / (K - 1))).toFixed(1), 'gain', (100 * (acc(m) - mean)).toFixed(1), 'logit corr', (rel / n).toFixed(2), ((performance.now() - t) / 1000 / K / length * 1000).toFixed(0), 'ms/step');
}
function acc(p: Float32Array) { let ok = 0; for (let i = 0; i < labels.length; i++) { let b = 0; for (let c = 1; c < 10; c++) if (p[i * 10 + c]! > p[i * 10 + b]!) b = c; if (b === labels[i]) ok++; } return ok / labels.length; }
process.exit(0);
