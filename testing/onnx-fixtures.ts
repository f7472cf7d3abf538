import { readdirSync, readFileSync } from 'node:fs';

import * as tf from '@tensorflow/tfjs-core';

/** What a `make-…fixtures.py` of `testing/onnx` wrote of one network. */
export interface FixtureModel {
  readonly name: string;
  readonly files: readonly string[];
  readonly inputs: readonly { readonly kind: string; readonly shape: readonly number[]; readonly below?: number }[];
  readonly outputs: readonly { readonly shape: readonly number[]; readonly values: string }[];
  readonly gradients: Readonly<Record<string, { readonly shape: readonly number[]; readonly projections: Projections }>>;
  readonly inputGradients: readonly (Projections | null)[];
  /** Whether onnxruntime knows all its operators. @default true */
  readonly isOnnx?: boolean;
  /** What its reader has to be told. @default [] */
  readonly constants?: readonly string[];
}

type Projections = readonly [norm: number, cosine: number, sine: number];

const folder = new URL('../packages/onnx/fixtures/models/', import.meta.url);

export const fixtureModels: readonly FixtureModel[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ name: file.slice(0, -5), ...(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Omit<FixtureModel, 'name'>) }));

export const fixtureBytes = (file: string): Uint8Array => new Uint8Array(readFileSync(new URL(file, folder)));

/** An input by the rule of `make-fixtures.py`. */
export function fixtureInput({ kind, shape, below = 1 }: FixtureModel['inputs'][number], k: number): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  if (kind === 'tokens')
    return tf.tensor(
      Int32Array.from({ length: size }, (_, i) => (i * 7 + 3) % below),
      [...shape],
      'int32',
    );
  const value = (i: number): number => Math.sin(i * 0.37 + k);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => (kind === 'positive' ? Math.abs(value(i)) + 0.1 : value(i))),
    [...shape],
  );
}

export const fixtureOutput = ({ values }: FixtureModel['outputs'][number]): Float32Array =>
  new Float32Array(Uint8Array.from(Buffer.from(values, 'base64')).buffer);

/** `sum_i y[i] cos(0.11 i + k)` */
export const fixtureLoss = (outputs: readonly tf.Tensor[]): tf.Scalar =>
  outputs
    .map((y, k) =>
      tf.sum(
        tf.mul(
          y,
          tf.tensor(
            Float32Array.from({ length: y.size }, (_, i) => Math.cos(0.11 * i + k)),
            y.shape,
          ),
        ),
      ),
    )
    .reduce((a, b) => tf.add(a, b)) as tf.Scalar;

export function projectionsOf(values: ArrayLike<number>): Projections {
  let [norm, cosine, sine] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    norm += value * value;
    cosine += value * Math.cos(0.3 * i);
    sine += value * Math.sin(0.7 * i + 1);
  }
  return [Math.sqrt(norm), cosine, sine];
}
