import { classIdLoss, sdfLoss } from '@netspace/losses';
import { summedCrossEntropy, summedDistillation } from '@netspace/losses/internal';
import { decode, type Decoded } from '@netspace/model';
import { packPReps, unpackPRep } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { chainGradients, type Chain, type ChainGradients } from '../chain-gradients.js';
import { GRADIENT_TOLERANCE } from '../checks.js';
import { findMiss, statistics, type Expectation } from '../expectation.js';
import type { Group, GroupContext } from '../group.js';
import { channelsLast } from '../image-inputs.js';
import { configNumbers, configOf, configString } from '../manifest.js';
import { decoderConfigOf, decoderCost, decoderWeights, encoderConfigOf, encoderCost, encoderWeights } from '../model-weights.js';
import { chainTies, type TiedChain } from '../near-ties/chain-ties.js';
import { explainMisses, type Compared, type Explanation } from '../near-ties/explain.js';
import type { Nets, WeightSource } from '../nets.js';
import { runAtPoints, sirenInPReps } from '../points-network.js';
import { generateGroup } from '../procedural.js';

/** Gradients of the whole chain, to encoder, decoder and embedding: regression of SIRENs, distillation of classifiers. */
export const grads: Group = (context) => {
  const { file, checks } = context;
  for (const name of file.names.filter((candidate) => candidate.endsWith('/loss'))) {
    const label = name.slice(0, -'/loss'.length);
    checks.section(label, () => (file.has(`${label}/coords`) ? checkSdf(context, label) : checkDistillation(context, label)));
  }
};

function checkSdf(context: GroupContext, label: string): void {
  const { file, nets, checks } = context;
  const preps: tf.Tensor3D = tf.squeeze(file.tensor(`${label}/preps`), [1]); // [B, H, W]
  const chain = openChain(context, label, preps.shape);
  if (chain === undefined) return;
  const points = file.tensor<tf.Rank.R3>(`${label}/coords`);
  const architecture = sirenInPReps(nets, label, preps);
  const target = runAtPoints(architecture, preps, points);
  const result = chainGradients(chain, preps, (decoded) => sdfLoss(runAtPoints(architecture, decoded.preps, points), target));
  expectChain(context, label, chain, preps, result);
  checks.expect(`${label}/loss`, result.loss);
}

function checkDistillation(context: GroupContext, label: string): void {
  const { file, manifest, nets, checks } = context;
  const settings = configOf(manifest, `grads/${label}`);
  const { key, sources } = parseInputs(nets, configString(label, settings, 'inputs'));
  const [height = NaN, width = NaN] = configNumbers(label, settings, 'prepSize');
  const chain = openChain(context, label, [sources.length, height, width]);
  if (chain === undefined) return;
  const images = channelsLast(file.tensor(`${label}/images`));
  const teacher = file.tensor<tf.Rank.R2>(`${label}/teacher`);
  const labels = tf.tensor1d(file.numbers(`${label}/labels`), 'int32');
  const classIds = configNumbers(label, settings, 'classIds');
  const architecture = nets.architecture(key, images.shape[1]);
  const preps = packPReps(
    sources.map((source) => nets.instance(architecture, key, source)),
    [height, width],
  );

  const run = (decoded: Decoded): tf.Tensor2D[] =>
    (tf.unstack(decoded.preps) as tf.Tensor2D[]).map((prep) => architecture.apply(unpackPRep(prep, architecture), images) as tf.Tensor2D);
  const distillation = (logits: readonly tf.Tensor2D[]): tf.Scalar =>
    summedDistillation(label, logits, teacher, { temperature: 4, squaredTemperature: true });
  const task = (logits: readonly tf.Tensor2D[]): tf.Scalar =>
    tf.add(tf.mul(distillation(logits), 0.9), tf.mul(summedCrossEntropy(label, logits, labels), 0.1));

  const result = chainGradients(chain, preps, (decoded) => tf.add(classIdLoss(decoded.classLogits!, classIds), task(run(decoded))));
  const { weights, config } = chain.decoder;
  const withoutClass = tf.grad((e) => task(run(decode(weights, e as tf.Tensor2D, config))))(result.embedding);
  expectChain(context, label, chain, preps, result, withoutClass);
  checks.expect(`${label}/loss`, result.loss);
  checks.expect(`${label}/arch-logits`, result.classLogits);
  checks.expect(`${label}/class`, classIdLoss(result.classLogits!, classIds));
  const logits = run(result);
  checks.expect(`${label}/kl`, distillation(logits));
  checks.expect(`${label}/ce`, summedCrossEntropy(label, logits, labels));
}

/** The chain of a case, unless it is too large for this run. */
function openChain({ manifest, leaveOut }: GroupContext, label: string, shape: readonly number[]): (Chain & TiedChain) | undefined {
  const path = `grads/${label}`;
  const settings = configOf(manifest, path);
  const encoderTensors = generateGroup(manifest, configString(path, settings, 'encoderGroup'));
  const decoderConfig = decoderConfigOf(path, settings);
  const encoderConfig = encoderConfigOf(encoderTensors);
  const forwardCost = encoderCost(encoderConfig, shape) + decoderCost(decoderConfig, shape[0] ?? 1);
  if (leaveOut(label, 3 * forwardCost)) return undefined;
  const decoderTensors = generateGroup(manifest, configString(path, settings, 'decoderGroup'));
  return {
    ...{ encoderTensors, decoderTensors },
    encoder: { config: encoderConfig, weights: encoderWeights(encoderTensors) },
    decoder: { config: decoderConfig, weights: decoderWeights(decoderConfig, decoderTensors) },
  };
}

/** Compares a chain's values and gradients, those of the embedding without the class loss too where they are given. */
function expectChain(
  context: GroupContext,
  label: string,
  chain: TiedChain,
  preps: tf.Tensor3D,
  result: ChainGradients,
  withoutClass?: tf.Tensor,
): void {
  const { file, checks, note } = context;
  checks.expect(`${label}/embedding`, result.embedding);
  checks.expect(`${label}/prep`, result.preps);
  checks.expect(`${label}/grad-prep`, tf.mul(result.gradPrep, backwardPasses(context, label)), GRADIENT_TOLERANCE);
  const gradients: readonly (readonly [name: string, key: string, gradient: tf.Tensor])[] = [
    ['grad-embedding', 'embedding', result.gradEmbedding],
    ...(withoutClass === undefined ? [] : [['grad-embedding-kd', 'embedding', withoutClass] as const]),
    ...[...result.parameters].map(([name, gradient]) => [`grad/${name}`, name, gradient] as const),
  ];
  const compared = gradients
    .filter(([name]) => file.has(`${label}/${name}`))
    .map(([name, key, gradient]): Compared => {
      const expectation = file.expectation(`${label}/${name}`);
      return { name, key, expectation, got: gradient.dataSync(), tolerance: GRADIENT_TOLERANCE };
    });
  const miss = compared.some(({ name, expectation, got, tolerance }) =>
    findMiss(name, expectation, { shape: expectation.shape, values: got }, tolerance),
  );
  const { turned, gradients: explained, excused } = miss ? explainMisses(compared, chainTies(chain, { ...result, preps })) : NOTHING;
  for (const [name, , gradient] of gradients) checks.expect(`${label}/${name}`, explained.get(name) ?? gradient, GRADIENT_TOLERANCE);
  if (turned.length === 0) return;
  note(`${label}: the file decides ${turned.length} near ties the other way, which moves ${excused} of the compared elements:`);
  for (const { name, distance } of turned) note(`${label}: ${name}, ${distance.toExponential(1)} of the layer's rms`);
}

const NOTHING: Explanation = { turned: [], gradients: new Map(), excused: 0 };

/**
 * How many backward passes the file's `grad-prep` adds up: one, as its README says, or two.
 *
 * Where the vectors also hold a gradient without the class loss (`grad-embedding-kd`), PyTorch went backwards twice and added both up in
 * the PRep's `.grad`. The file itself tells: the gradient of the scale layer's bias is the PReps' gradient summed over the batch.
 */
function backwardPasses({ file, note }: GroupContext, label: string): number {
  const [name, bias] = [`${label}/grad-prep`, `${label}/grad/decoder/scalelayer.bias`];
  if (!file.has(`${label}/grad-embedding-kd`) || !file.has(bias)) return 1;
  const ratio = (meanOf(file.expectation(name)) * (file.shape(name)[0] ?? 1)) / meanOf(file.expectation(bias));
  if (Math.abs(ratio - 2) > 1e-3) return 1;
  note(`${name} is twice d loss / d PRep, by the file's own ${bias}: compared with both backward passes added up`);
  return 2;
}

const meanOf = (expectation: Expectation): number =>
  expectation.kind === 'checksum' ? expectation.mean : statistics(expectation.values).mean;

/** `PReps of NET, stored then generated weights`: the net, and where the weights of each network of the batch come from. */
function parseInputs(nets: Nets, description: string): { readonly key: string; readonly sources: readonly WeightSource[] } {
  const [key] = nets.keys.filter((candidate) => description.includes(candidate)).sort((a, b) => b.length - a.length);
  if (key === undefined) throw new Error(`expected a network of the manifest in '${description}'`);
  const words = description.replace(key, '').matchAll(/\b(stored|gen(?:erated)?)\b/g);
  return { key, sources: [...words].map(([, word]) => (word === 'stored' ? 'stored' : 'gen')) };
}
