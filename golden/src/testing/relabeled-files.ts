import { rawToFloat32, type RawTensor } from '@netspace/formats';

import { generate } from '../procedural.js';
import { f32, i64, type GoldenFolder } from './golden-folder.js';

type Tensors = ReadonlyMap<string, RawTensor>;

interface Relabeled {
  readonly files: Readonly<Record<string, Map<string, RawTensor>>>;
  readonly configs: Readonly<Record<string, unknown>>;
  readonly groups: Readonly<Record<string, unknown>>;
}

/** Cases of a folder under other names, with batches in reverse, some dropped; and optimizers with other settings. */
export function relabeled({ manifest, files }: GoldenFolder): Relabeled {
  const { configs, generator } = manifest as {
    readonly configs: Readonly<Record<string, object>>;
    readonly generator: { readonly groups: Readonly<Record<string, unknown>> };
  };
  return {
    files: {
      bnfold: firstImages(files['bnfold']!, 2),
      losses: otherLosses(files['losses']!),
      interp: otherInterpolation(files['interp']!),
      grads: otherGradients(files['grads']!),
      optim: otherOptimizers(),
    },
    configs: {
      bnfold: configs['bnfold'],
      'grads/surface': { ...configs['grads/sdf'], encoderGroup: 'e', decoderGroup: 'd' },
      'optim/sgd-0.02': { momentum: 0.8, weightDecay: 1e-3 },
    },
    groups: { e: generator.groups['grads-sdf-encoder'], d: generator.groups['grads-sdf-decoder'] },
  };
}

/** The rows (first axis) of a tensor in reverse. */
function reversed(raw: RawTensor): RawTensor {
  const [rows = 1, ...rest] = raw.shape;
  const size = rest.reduce((product, length) => product * length, 1);
  const order = Array.from({ length: rows * size }, (_, i) => (rows - 1 - Math.floor(i / size)) * size + (i % size));
  if (raw.dtype === 'I64') return i64(raw.shape, order.map((i) => Number(raw.data[i]))); // prettier-ignore
  const values = rawToFloat32(raw);
  return f32(raw.shape, order.map((i) => values[i]!)); // prettier-ignore
}

const startingWith = (tensors: Tensors, prefix: string): [string, RawTensor][] =>
  [...tensors].filter(([name]) => name.startsWith(prefix)).map(([name, raw]) => [name.slice(prefix.length), raw]);

const renamed = (prefix: string, entries: readonly [string, RawTensor][], change = (raw: RawTensor, _name: string) => raw) =>
  entries.map(([name, raw]): [string, RawTensor] => [prefix + name, change(raw, name)]);

const reverseRows = (raw: RawTensor): RawTensor => (raw.shape.length === 0 ? raw : reversed(raw));

function firstImages(bnfold: Tensors, count: number): Map<string, RawTensor> {
  const cut = (raw: RawTensor): RawTensor => {
    const shape = [count, ...raw.shape.slice(1)];
    return f32(shape, rawToFloat32(raw).subarray(0, shape.reduce((product, size) => product * size, 1))); // prettier-ignore
  };
  return new Map([...bnfold].map(([name, raw]) => [name, /^(images|logits)/.test(name) ? cut(raw) : raw]));
}

function otherLosses(losses: Tensors): Map<string, RawTensor> {
  return new Map([
    ['gamma/A9', f32([7], [1, 2, 3, 4, 5, 6, 7].map((i) => i / 8))], // prettier-ignore
    ...renamed('photos/', startingWith(losses, 'tin/'), reverseRows),
    ...renamed('heads/', startingWith(losses, 'class/'), reverseRows),
    ...renamed('alone/', startingWith(losses, 'single/'), reverseRows),
    ...renamed('distances/', startingWith(losses, 'sdf/'), reverseRows),
  ]);
}

/** One case; the shared images, labels and teacher logits in another order, which changes no loss. */
function otherInterpolation(interp: Tensors): Map<string, RawTensor> {
  const shared = ['images', 'labels', 'teacher'].map((name): [string, RawTensor] => [name, reversed(interp.get(name)!)]);
  const decoder = ['prep-weight', 'prep-bias'].map((name): [string, RawTensor] => [name, interp.get(name)!]);
  return new Map([...renamed('five/', startingWith(interp, 'A5-402/')), ...decoder, ...shared]);
}

/** The chain with its networks in reverse: their own values move, the parameters' gradients stay. */
function otherGradients(grads: Tensors): Map<string, RawTensor> {
  const sdf = startingWith(grads, 'sdf/');
  const own = /^(preps|coords|embedding|grad-embedding)$/;
  const kept = sdf.filter(([name]) => !/^(grad-)?prep#(idx|val)$/.test(name));
  const moved = ['prep', 'grad-prep'].flatMap((name) => {
    const numbers = (part: string): number[] => {
      const raw = grads.get(`sdf/${name}#${part}`)!;
      return raw.dtype === 'I64' ? Array.from(raw.data, Number) : [...rawToFloat32(raw)];
    };
    const [batch = 1, ...rest] = numbers('shape');
    const size = rest.reduce((product, length) => product * length, 1);
    const values = numbers('val');
    const entries = numbers('idx').map((index, i) => [(batch - 1 - Math.floor(index / size)) * size + (index % size), values[i]!] as const);
    entries.sort(([a], [b]) => a - b);
    return [
      [`surface/${name}#idx`, i64([entries.length], entries.map(([index]) => index))], // prettier-ignore
      [`surface/${name}#val`, f32([entries.length], entries.map(([, value]) => value))], // prettier-ignore
    ] as [string, RawTensor][];
  });
  return new Map([...renamed('surface/', kept, (raw, name) => (own.test(name) ? reversed(raw) : raw)), ...moved]);
}

/** Adam and SGD as PyTorch documents them, in double precision. */
function otherOptimizers(): Map<string, RawTensor> {
  const [steps, size] = [7, 9];
  const start = generate({ shape: [size], seed: 17, scale: 1 });
  const grads = generate({ shape: [steps, size], seed: 18, scale: 2 });
  const run = (update: (value: number, gradient: number, step: number, memory: number[]) => number): RawTensor => {
    const after = new Float32Array(steps * size);
    for (let i = 0; i < size; i++) {
      const memory = [0, 0];
      let value = Number(start.data[i]);
      for (let step = 0; step < steps; step++) {
        value = update(value, Number(grads.data[step * size + i]), step, memory);
        after[step * size + i] = value;
      }
    }
    return f32([steps, size], after);
  };
  const adam = run((value, gradient, step, memory) => {
    memory[0] = 0.9 * memory[0]! + 0.1 * gradient;
    memory[1] = 0.999 * memory[1]! + 0.001 * gradient ** 2;
    const [first, second] = [memory[0] / (1 - 0.9 ** (step + 1)), memory[1] / (1 - 0.999 ** (step + 1))];
    return value - (3e-3 * first) / (Math.sqrt(second) + 1e-8);
  });
  const sgd = run((value, gradient, step, memory) => {
    const decayed = gradient + 1e-3 * value;
    memory[0] = step === 0 ? decayed : 0.8 * memory[0]! + decayed;
    return value - 0.02 * memory[0];
  });
  return new Map([
    ['start', start],
    ['grads', grads],
    ['sgd-0.02/params', sgd],
    ['adam-3e-3/params', adam],
  ]);
}
