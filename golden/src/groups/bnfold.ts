import { foldBatchNorm } from '@netspace/prep';
import { type RawTensor } from '@netspace/formats';
import * as tf from '@tensorflow/tfjs-core';

import { convolve } from '../../../packages/zoo/src/layers/conv.js';
import { linear, type Layers } from '../../../packages/zoo/src/layers/layers.js';
import { defineArchitecture } from '../../../packages/zoo/src/layers/network.js';
import type { GoldenFile } from '../golden-file.js';
import type { Group } from '../group.js';
import { channelsLast } from '../image-inputs.js';
import { configNumber, configOf } from '../manifest.js';
import { namedTensors } from '../model-weights.js';
import { recognizeNetwork, specsOf } from '../recognize.js';

/** Batch norm folded into the convolutions: the weights, and the logits before and after. */
export const bnfold: Group = ({ file, manifest, checks }) => {
  const epsilon = configNumber('bnfold', configOf(manifest, 'bnfold'), 'eps');
  const names = file.names.filter((name) => name.startsWith('fused/')).map((name) => name.slice('fused/'.length));
  const specs = specsOf(names.map((name) => ({ name, shape: file.shape(`fused/${name}`) })));

  for (const { name } of specs.filter((spec) => spec.name.endsWith('.weight'))) {
    const layer = name.slice(0, -'.weight'.length);
    checks.section(layer, () => {
      const folded = foldLayer(file, layer, epsilon);
      checks.expect(`fused/${layer}.weight`, folded.weight, folded.exact ? 'exact' : undefined);
      checks.expect(`fused/${layer}.bias`, folded.bias, folded.exact ? 'exact' : undefined);
    });
  }
  checks.section('logits', () => {
    const images = channelsLast(file.tensor('images'));
    const network = recognizeNetwork('bnfold', specs, images.shape[1]);
    const fused = new Map(names.map((name): [string, RawTensor] => [name, file.raw(`fused/${name}`)]));
    checks.expect('logits-fused', defineArchitecture(network).apply(Object.values(namedTensors(specs, fused)), images));
    checks.expect('logits-unfused', network.forward(unfoldedLayers(file, epsilon), images));
  });
};

/** The unfused network's names of a layer and of its norm. */
function unfusedNames(file: GoldenFile, layer: string): { readonly convolution: string; readonly norm: string | undefined } {
  const renamed = layer.replace(/^layers\.(\d+)\./, (_, stage) => `layer${Number(stage) + 1}.`);
  const convolution = `unfused/${renamed.replace(/downsample$/, 'downsample.0')}`;
  const norm = convolution.replace(/downsample\.0$/, 'downsample.1').replace(/conv(\d+)$/, 'bn$1');
  return { convolution, norm: file.has(`${norm}.running_var`) ? norm : undefined };
}

/** PyTorch's axis order in and out. */
function foldLayer(file: GoldenFile, layer: string, epsilon: number): { weight: tf.Tensor; bias: tf.Tensor; exact: boolean } {
  const { convolution, norm } = unfusedNames(file, layer);
  const weight = file.tensor(`${convolution}.weight`);
  if (norm === undefined) return { weight, bias: file.tensor(`${convolution}.bias`), exact: true };
  const bias = file.has(`${convolution}.bias`) ? file.tensor(`${convolution}.bias`) : undefined;
  const folded = foldBatchNorm({ weight: tf.transpose(weight, [2, 3, 1, 0]), bias, ...normOf(file, norm) }, { epsilon });
  return { weight: tf.transpose(folded.weight, [3, 2, 0, 1]), bias: folded.bias, exact: false };
}

const normOf = (file: GoldenFile, norm: string) => ({
  gamma: file.tensor<tf.Rank.R1>(`${norm}.weight`),
  beta: file.tensor<tf.Rank.R1>(`${norm}.bias`),
  mean: file.tensor<tf.Rank.R1>(`${norm}.running_mean`),
  variance: file.tensor<tf.Rank.R1>(`${norm}.running_var`),
});

const normalize = (x: tf.Tensor4D, { gamma, beta, mean, variance }: ReturnType<typeof normOf>, epsilon: number): tf.Tensor4D =>
  tf.batchNorm(x, mean, variance, beta, gamma, epsilon);

/** The same network with its norms, in evaluation mode. */
const unfoldedLayers = (file: GoldenFile, epsilon: number): Layers => ({
  conv(layer, x, { activation = 'linear', ...options } = {}) {
    const { convolution, norm } = unfusedNames(file, layer);
    const weight: tf.Tensor4D = tf.transpose(file.tensor<tf.Rank.R4>(`${convolution}.weight`), [2, 3, 1, 0]);
    const output = convolve(x, weight, undefined, options);
    const normalized = norm === undefined ? output : normalize(output, normOf(file, norm), epsilon);
    return activation === 'leaky' ? tf.leakyRelu(normalized, 0.01) : normalized;
  },
  linear(layer, x, activation = 'linear') {
    const { convolution } = unfusedNames(file, layer);
    const weight: tf.Tensor2D = tf.transpose(file.tensor<tf.Rank.R2>(`${convolution}.weight`));
    return linear(x, weight, file.tensor<tf.Rank.R1>(`${convolution}.bias`), activation);
  },
  block: (run) => tf.tidy(run),
});
