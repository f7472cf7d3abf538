import * as tf from '@tensorflow/tfjs-core';

import { NetSpaceError } from '@netspace/prep';
import { count, extended, functionOf, type GivenBy, objectOf, optional, thing } from '@netspace/prep/internal';

import type { Route } from './route.js';

/** The result of a decoder for some embeddings. The class logits are undefined if it has no class head; these losses need one. */
export interface DecodedEmbeddings {
  /** `[networks, H, W]` */
  readonly preps: tf.Tensor3D;
  /** `[networks, architectures]` */
  readonly classLogits: tf.Tensor2D | undefined;
}

/** See {@link NetworkCallbacks}. */
export const networkCallbacks = objectOf({
  /** Decodes embeddings `[networks, E]`, rows independently of each other; `targets` are the ClassIds that they stand for. */
  decode: functionOf<(embeddings: tf.Tensor2D, targets: readonly number[]) => DecodedEmbeddings>(),
  /** Runs each PRep as the given architecture on the shared batch of inputs: one `[batch, classes]` per network. */
  forward: functionOf<(preps: tf.Tensor3D, classIds: readonly number[]) => readonly tf.Tensor2D[]>(),
});

/** The two callbacks through which a loss sees the model and the networks. */
export interface NetworkCallbacks extends GivenBy<typeof networkCallbacks> {}

const tensorOf = <T extends tf.Tensor>(what: string) => thing<T>(what, ['shape', 'dtype', 'dataId']);

/** What every loss of decoded networks is given. */
export const networkInputs = extended(networkCallbacks, {
  /** Embeddings of the batch of networks, `[B, E]`. */
  embeddings: /* @__PURE__ */ tensorOf<tf.Tensor2D>('a tensor [networks, embedding]'),
  /** The ClassId of each network of the batch. */
  classIds: thing<readonly number[]>('a list of ClassIds', ['length']),
  /** How many architectures the space holds, A. */
  architectures: count,
  /** Class index of each input, `[batch]`, int32. */
  labels: /* @__PURE__ */ tensorOf<tf.Tensor1D>('a tensor [batch] of class numbers'),
});

/** The teacher of networks, where there is one. */
export const teacherLogits = optional(/* @__PURE__ */ tensorOf<tf.Tensor2D>('a tensor [batch, classes]'));

/** Decoded networks after their run. */
export interface NetworkRun {
  readonly classLogits: tf.Tensor2D;
  readonly predictedClassIds: number[];
  readonly logits: readonly tf.Tensor2D[];
}

/** Decodes the embeddings, chooses each one's architecture and runs the networks; to be called inside `tf.tidy`. */
export function runNetworks(
  call: string,
  { decode, forward }: NetworkCallbacks,
  embeddings: tf.Tensor2D,
  targets: readonly number[],
  route: Route,
): NetworkRun {
  const networks = targets.length;
  if (networks === 0) return { classLogits: tf.zeros([0, 1]), predictedClassIds: [], logits: [] };
  const { preps, classLogits } = decode(embeddings, targets);
  if (classLogits === undefined) {
    throw new NetSpaceError('INVALID_OPTION', `${call}: expected decode to yield class logits, got none; use a decoder with a class head`);
  }
  requireCount(call, 'class logits from decode', networks, classLogits.shape[0]);
  const predictedClassIds = [...route(classLogits, targets)];
  requireCount(call, 'ClassIds from route', networks, predictedClassIds.length);
  const logits = forward(preps, predictedClassIds);
  requireCount(call, 'logits from forward', networks, logits.length);
  return { classLogits, predictedClassIds, logits };
}

/** Takes the run of a concatenated batch apart again: the first `count` networks and the rest. */
export function splitRun({ classLogits, predictedClassIds, logits }: NetworkRun, count: number): readonly [NetworkRun, NetworkRun] {
  const [first, rest] = tf.split<tf.Tensor2D>(classLogits, [count, classLogits.shape[0] - count], 0);
  return [
    { classLogits: first!, predictedClassIds: predictedClassIds.slice(0, count), logits: logits.slice(0, count) },
    { classLogits: rest!, predictedClassIds: predictedClassIds.slice(count), logits: logits.slice(count) },
  ];
}

function requireCount(call: string, what: string, expected: number, got: number): void {
  if (got === expected) return;
  throw new NetSpaceError('SHAPE_MISMATCH', `${call}: expected ${expected} ${what}, got ${got}; return one per network`);
}
