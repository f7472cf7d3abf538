import { decode, encode, type DecoderConfig, type NamedTensors } from '@netspace/model';
import { packPReps } from '@netspace/prep';
import { type RawTensor } from '@netspace/formats';
import * as tf from '@tensorflow/tfjs-core';

import type { GoldenFile } from '../golden-file.js';
import type { Group, GroupContext } from '../group.js';
import { channelsFirst } from '../image-inputs.js';
import { configNumber, configOf, configString } from '../manifest.js';
import { decoderConfigOf, decoderCost, decoderWeights, encoderConfigOf, encoderCost, encoderWeights } from '../model-weights.js';
import { observeDecoder } from '../observed/observe-decoder.js';
import { observeEncoder } from '../observed/observe-encoder.js';
import type { Observe } from '../observed/observe.js';
import { generateGroup } from '../procedural.js';

/** Encoder and decoder at every size, with the outputs of their convolutions. */
export const encdec: Group = (context) => {
  const cases = new Set(context.file.names.map((name) => name.slice(0, name.lastIndexOf('/'))));
  for (const name of cases) {
    if (/^encoder\d*\/(?!w$)[^/]+$/.test(name)) context.checks.section(name, () => checkEncoder(context, name));
    else if (/^decoder\/[^/]+$/.test(name)) context.checks.section(name, () => checkDecoder(context, name));
  }
};

function checkEncoder(context: GroupContext, name: string): void {
  const { file, checks, leaveOut } = context;
  const tensors = storedOrGenerated(context, name.slice(0, name.indexOf('/')));
  const config = encoderConfigOf(tensors);
  const input = encoderInput(context, name);
  if (leaveOut(name, encoderCost(config, input.shape))) return;
  const [weights, preps] = [encoderWeights(tensors), input.preps()];
  if (hasConvolutions(context, name)) observeEncoder(weights, preps, observer(context, name));
  checks.expect(`${name}/embedding`, encode(weights, preps, config));
  file.markUsed(name);
}

/** Weights in the file under `NAME/w/`, else those of the generator group NAME. */
function storedOrGenerated({ file, manifest }: GroupContext, name: string): ReadonlyMap<string, RawTensor> {
  const prefix = `${name}/w/`;
  const stored = file.names.filter((candidate) => candidate.startsWith(prefix));
  if (stored.length === 0) return generateGroup(manifest, name);
  return new Map(stored.map((candidate) => [candidate.slice(prefix.length), file.raw(candidate)]));
}

/** The stored PReps of a case, else the network that it is named after, `…/NET-HxW` (generated weights) or `…/NET-stored-HxW`. */
function encoderInput({ file, nets }: GroupContext, name: string): { readonly shape: readonly number[]; preps(): tf.Tensor3D } {
  if (file.has(`${name}/prep`)) {
    const shape = file.shape(`${name}/prep`).filter((_, axis) => axis !== 1); // [N, 1, H, W]
    return { shape, preps: () => tf.reshape(file.tensor(`${name}/prep`), shape as [number, number, number]) };
  }
  const [, key = '', source = 'gen', height, width] = /\/(.+?)(?:-(stored|gen))?-(\d+)x(\d+)$/.exec(name) ?? [];
  const shape = [1, Number(height), Number(width)] as const;
  return {
    shape,
    preps: () => packPReps([nets.instance(nets.layout(key), key, source === 'stored' ? source : 'gen')], [shape[1], shape[2]]),
  };
}

function checkDecoder(context: GroupContext, name: string): void {
  const { file, manifest, checks, leaveOut } = context;
  const settings = configOf(manifest, name);
  const config = decoderConfigOf(name, settings);
  const batch = configNumber(name, settings, 'batch');
  const embeddings = decoderInput(file, configString(name, settings, 'input'), [batch, config.embeddingSize]);
  if (leaveOut(name, decoderCost(config, batch))) return;
  const weights = decoderWeights(config, generateGroup(manifest, configString(name, settings, 'generatorGroup')));
  if (hasConvolutions(context, name)) observeDecoder(weights, embeddings, config, observer(context, name));
  const { preps, classLogits } = decode(weights, embeddings, config);
  checks.expect(`${name}/prep`, preps);
  if (classLogits === undefined && !file.has(`${name}/arch-logits`)) return;
  checks.expect(`${name}/arch-logits`, classLogits);
  if (decoderCost(config, batch) < SMALL) checkWithoutClassHead(context, name, { ...config, classes: 1 }, { weights, embeddings });
}

/** Cases small enough to be decoded once more. */
const SMALL = 2e9;

function checkWithoutClassHead(
  { file, checks }: GroupContext,
  name: string,
  config: DecoderConfig,
  { weights, embeddings }: { readonly weights: NamedTensors; readonly embeddings: tf.Tensor2D },
): void {
  if (file.expectation(`${name}/prep`).kind !== 'whole') return;
  const expected: tf.Tensor3D = tf.squeeze(file.tensor(`${name}/prep`), [1]); // [B, H, W]
  checks.expectEqual(`${name}/prep without class head`, decode(weights, embeddings, config).preps, expected);
}

/** A description such as `embedding-a, first row only`: the first rows of a tensor, as many as the case has. */
function decoderInput(file: GoldenFile, description: string, [batch, size]: readonly [number, number]): tf.Tensor2D {
  const stored = tf.reshape<tf.Rank.R2>(file.tensor(description.split(',')[0]!.trim()), [-1, size]);
  return tf.slice(stored, [0, 0], [batch, size]);
}

/** Compares those convolutions whose outputs the file has. */
const observer =
  ({ file, checks }: GroupContext, name: string): Observe =>
  (layer, output) => {
    if (file.has(`${name}/${layer}`)) tf.tidy(() => checks.expect(`${name}/${layer}`, channelsFirst(output)));
  };

/** Whether the file has outputs of convolutions in this case. */
const hasConvolutions = ({ file }: GroupContext, name: string): boolean =>
  ['conv1', 'conv2', 'conv3', 'conv4', 'arch_conv'].some((layer) => file.has(`${name}/${layer}`));
