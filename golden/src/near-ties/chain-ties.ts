import type { RawTensor } from '@netspace/formats';
import type { DecoderConfig, NamedTensors } from '@netspace/model';
import * as tf from '@tensorflow/tfjs-core';

import { decoderTies } from './decoder-ties.js';
import { encodeInDouble } from './encoder-ties.js';
import type { Move, Tie } from './tie.js';

type Weights = ReadonlyMap<string, RawTensor>;

/** An encoder and a decoder with their weights in PyTorch's order and in ours. */
export interface TiedChain {
  readonly encoderTensors: Weights;
  readonly decoderTensors: Weights;
  readonly decoder: { readonly config: DecoderConfig; readonly weights: NamedTensors };
}

/** What went through a chain, and the gradients of embeddings `[B, E]` and predicted PReps `[B, H, W]`. */
export interface Passage {
  readonly preps: tf.Tensor3D;
  readonly embedding: tf.Tensor2D;
  readonly gradEmbedding: tf.Tensor;
  readonly gradPrep: tf.Tensor;
}

/** The near ties of all PReps of a batch: what float32 cannot decide in encoder and decoder. */
export function chainTies(chain: TiedChain, { preps, embedding, gradEmbedding, gradPrep }: Passage): Tie[] {
  const [batch, height, width] = preps.shape;
  const size = embedding.shape[1];
  const rows = (tensor: tf.Tensor) => {
    const values = tensor.dataSync();
    return Array.from({ length: batch }, (_, b) => values.subarray((b * values.length) / batch, ((b + 1) * values.length) / batch));
  };
  const [inputs, ofEmbeddings, ofPreps] = [preps, gradEmbedding, gradPrep].map(rows);
  return inputs!.flatMap((prep, b) => {
    const encoded = encodeInDouble(chain.encoderTensors, prep, [height, width]);
    const outputs = decoderOutputs(chain.decoder, tf.slice(embedding, [b, 0], [1, size]));
    const decoded = { embedding: encoded.embedding, outputs, gradPrep: ofPreps![b]! };
    const found = [
      ...encoded.ties(ofEmbeddings![b]!),
      ...decoderTies(chain.decoderTensors, [height, width], decoded, (move, gradient) => encoded.addParameters(move, gradient)),
    ];
    return found.map(({ name, distance, move }) => ({
      ...{ name: `network ${b}, ${name}`, distance },
      move: () => inBatch(move(), b, batch),
    }));
  });
}

/** Puts the one embedding of a move into the batch's. */
function inBatch(move: Move, b: number, batch: number): Move {
  const one = move.get('embedding');
  if (one === undefined) return move;
  const all = new Float64Array(batch * one.length);
  all.set(one, b * one.length);
  return move.set('embedding', all);
}

/** Outputs of conv1, conv2 and conv3, channels first, for one embedding: with ordinary operations, since `decode` never has them as a whole. */
function decoderOutputs({ config, weights }: TiedChain['decoder'], embedding: tf.Tensor2D): Float32Array[] {
  return tf.tidy(() => {
    const [height, width] = config.prepShape;
    const views: readonly (readonly [channels: number, height: number, width: number])[] = [
      [embedding.shape[1] / 4096, 64, 64],
      [128, height, 2048],
      [512, height / 2, width / 4],
    ];
    let x: tf.Tensor = embedding;
    return views.map((view, i) => {
      const planes = tf.transpose(tf.reshape(x, [1, ...view]), [0, 2, 3, 1]) as tf.Tensor4D;
      const padded = tf.pad(planes, [[0, 0], [1, 1], [1, 1], [0, 0]]); // prettier-ignore
      const z = tf.add(tf.conv2d(padded, weights[`conv${i + 1}.0.weight`] as tf.Tensor4D, 2, 'valid'), weights[`conv${i + 1}.0.bias`]!);
      const first = tf.transpose(z, [0, 3, 1, 2]);
      x = tf.leakyRelu(first, 0.01);
      return first.dataSync() as Float32Array;
    });
  });
}
