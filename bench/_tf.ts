import { selectRuntime } from '@netspace/node';
import * as tf from '@tensorflow/tfjs-core';
console.log(JSON.stringify(((await selectRuntime({ prefer: 'tensorflow' })) as any)?.runtime ?? tf.getBackend()));
const be: any = tf.backend();
const cpu = async (f: () => tf.Tensor) => {
  const t = process.cpuUsage(),
    w = performance.now();
  const r = f();
  await r.data();
  const e = process.cpuUsage(t);
  const s = r.shape;
  r.dispose();
  return [(e.user + e.system) / 1e3, performance.now() - w] as const;
};
const median = (a: number[]) => a.sort((x, y) => x - y)[a.length >> 1]!;
const sumOf = (x: tf.Tensor) => x;
const pad4 = (x: tf.Tensor4D, p: number[][]) => (p.flat().every((v) => v === 0) ? x : tf.pad(x, p as any));
function slices(x: tf.Tensor4D, kh: number, kw: number, s: [number, number], oh: number, ow: number): tf.Tensor4D[] {
  const [b, h, w, c] = x.shape;
  const out: tf.Tensor4D[] = [];
  if (s[0] === 1 && s[1] === 1) {
    for (let i = 0; i < kh; i++) for (let j = 0; j < kw; j++) out.push(tf.slice(x, [0, i, j, 0], [b, oh, ow, c]));
    return out;
  }
  // phases
  const H = Math.ceil(h / s[0]),
    W = Math.ceil(w / s[1]);
  const xp = pad4(x, [
    [0, 0],
    [0, H * s[0] - h],
    [0, W * s[1] - w],
    [0, 0],
  ]);
  const r = tf.reshape(xp, [b, H, s[0], W, s[1] * c]);
  for (let i = 0; i < kh; i++)
    for (let j = 0; j < kw; j++) {
      const t = tf.slice(r, [0, Math.floor(i / s[0]), i % s[0], Math.floor(j / s[1]), (j % s[1]) * c], [b, oh, 1, ow, c]);
      out.push(tf.reshape(t, [b, oh, ow, c]));
    }
  return out;
}
type Case = [string, number[], number[], [number, number], [number, number]];
const cases: Case[] = [
  ['dec conv2', [2, 16, 2048, 128], [3, 3, 128, 1250], [2, 2], [1, 1]],
  ['dec conv3', [2, 8, 2500, 512], [3, 3, 512, 256], [2, 2], [1, 1]],
  ['dec conv4', [2, 4, 1250, 256], [3, 3, 256, 32], [1, 1], [1, 1]],
  ['dec conv1', [2, 64, 64, 1], [3, 3, 1, 4096], [2, 2], [1, 1]],
  ['dec conv2 8ch', [2, 8, 2048, 128], [3, 3, 128, 1250], [2, 2], [1, 1]],
  ['enc conv2', [2, 16, 5000, 128], [1, 3, 128, 256], [1, 2], [0, 0]],
  ['resnet 16', [128, 64, 64, 16], [3, 3, 16, 16], [1, 1], [1, 1]],
  ['resnet 3', [128, 64, 64, 3], [3, 3, 3, 16], [1, 1], [1, 1]],
  ['resnet 16-32', [128, 64, 64, 16], [3, 3, 16, 32], [2, 2], [1, 1]],
  ['resnet 32', [128, 32, 32, 32], [3, 3, 32, 32], [1, 1], [1, 1]],
  ['resnet 64', [128, 16, 16, 64], [3, 3, 64, 64], [1, 1], [1, 1]],
  ['lenet 5x5', [128, 32, 32, 3], [5, 5, 3, 6], [1, 1], [0, 0]],
];
const only = process.argv[2];
for (const [name, xs, ws, s, p] of cases.filter((c) => !only || c[0].includes(only))) {
  const x = tf.randomNormal(xs) as tf.Tensor4D;
  const padded = tf.pad(x, [
    [0, 0],
    [p[0], p[0]],
    [p[1], p[1]],
    [0, 0],
  ]) as tf.Tensor4D;
  const [kh, kw, ci, co] = ws as [number, number, number, number];
  const oh = Math.floor((padded.shape[1]! - kh) / s[0]) + 1,
    ow = Math.floor((padded.shape[2]! - kw) / s[1]) + 1;
  const dy = tf.randomNormal([xs[0]!, oh, ow, co]) as tf.Tensor4D;
  const P = xs[0]! * oh * ow;
  const dy2 = tf.reshape(dy, [P, co]);
  const macs = P * kh * kw * ci * co;
  const ways: Record<string, () => tf.Tensor> = {
    native: () =>
      tf
        .engine()
        .runKernel(
          'Conv2DBackpropFilter',
          { x: padded, dy },
          { strides: s, pad: 'valid', dataFormat: 'NHWC', filterShape: ws },
        ) as tf.Tensor,
    gemm: () =>
      tf.tidy(() => tf.reshape(tf.matMul(tf.reshape(tf.concat(slices(padded, kh, kw, s, oh, ow), 3), [P, kh * kw * ci]), dy2, true), ws)),
    taps: () =>
      tf.tidy(() => tf.reshape(tf.stack(slices(padded, kh, kw, s, oh, ow).map((t) => tf.matMul(tf.reshape(t, [P, ci]), dy2, true))), ws)),
    rows: () =>
      tf.tidy(() => {
        const sl = slices(padded, kh, kw, s, oh, ow);
        const g = [];
        for (let i = 0; i < kh; i++) g.push(tf.matMul(tf.reshape(tf.concat(sl.slice(i * kw, i * kw + kw), 3), [P, kw * ci]), dy2, true));
        return tf.reshape(tf.concat(g, 0), ws);
      }),
    eip: () =>
      tf.tidy(() => {
        const pt = be.executeSingleOutput(
          'ExtractImagePatches',
          [
            { name: 'T', type: 1, value: 1 },
            { name: 'ksizes', type: be.binding.TF_ATTR_INT, value: [1, kh, kw, 1] },
            { name: 'strides', type: be.binding.TF_ATTR_INT, value: [1, s[0], s[1], 1] },
            { name: 'rates', type: be.binding.TF_ATTR_INT, value: [1, 1, 1, 1] },
            { name: 'padding', type: be.binding.TF_ATTR_STRING, value: 'VALID' },
          ].map((a) => (a.name === 'T' ? { name: 'T', type: be.binding.TF_ATTR_TYPE, value: be.binding.TF_FLOAT } : a)),
          [padded],
        );
        return tf.reshape(tf.matMul(tf.reshape(tf.engine().makeTensorFromTensorInfo(pt), [P, kh * kw * ci]), dy2, true), ws);
      }),
    gemmT: () =>
      tf.tidy(() =>
        tf.reshape(tf.transpose(tf.matMul(dy2, tf.reshape(tf.concat(slices(padded, kh, kw, s, oh, ow), 3), [P, kh * kw * ci]), true)), ws),
      ),
  };
  const t: Record<string, [number[], number[]]> = {};
  const ref = ways['native']!();
  for (const [w, f] of Object.entries(ways)) {
    try {
      const r = f();
      const d = tf.tidy(() => tf.div(tf.max(tf.abs(tf.sub(r, ref))), tf.max(tf.abs(ref)))).dataSync()[0]!;
      if (d > 1e-4) console.log('DIFF', w, d);
      r.dispose();
    } catch (e) {
      console.log(w, String(e).slice(0, 200));
      delete ways[w];
    }
  }
  for (let r = 0; r < 5; r++)
    for (const [w, f] of Object.entries(ways)) {
      const [c, ms] = await cpu(f);
      (t[w] ??= [[], []])[0].push(c);
      t[w]![1].push(ms);
    }
  const base = median(t['native']![0]);
  console.log(
    name.padEnd(14),
    Object.entries(t)
      .map(
        ([w, [c, ms]]) =>
          `${w} ${median(c).toFixed(0)}cpu/${Math.min(...ms).toFixed(0)}ms ${((2 * macs) / median(c) / 1e6).toFixed(0)}GF/core x${(base / median(c)).toFixed(2)}`,
      )
      .join(' | '),
  );
  tf.dispose([x, padded, dy, dy2, ref]);
}
