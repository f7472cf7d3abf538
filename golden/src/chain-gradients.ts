import {
  decode,
  decoderSpecs,
  encode,
  encoderSpecs,
  type Decoded,
  type DecoderConfig,
  type EncoderConfig,
  type NamedTensors,
} from '@netspace/model';
import type { ParameterSpec } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

/** An encoder and a decoder behind it. */
export interface Chain {
  readonly encoder: { readonly config: EncoderConfig; readonly weights: NamedTensors };
  readonly decoder: { readonly config: DecoderConfig; readonly weights: NamedTensors };
}

export interface ChainGradients extends Decoded {
  readonly loss: tf.Scalar;
  readonly embedding: tf.Tensor2D;
  readonly gradEmbedding: tf.Tensor;
  readonly gradPrep: tf.Tensor;
  /** Gradient of each parameter, under `encoder/NAME` and `decoder/NAME`, PyTorch's axis order. */
  readonly parameters: ReadonlyMap<string, tf.Tensor>;
}

/**
 * Runs PReps through encoder, decoder and a loss, and gives the gradients of all that lies between.
 *
 * @param preps `[B, H, W]`, without gradient
 */
export function chainGradients({ encoder, decoder }: Chain, preps: tf.Tensor3D, loss: (decoded: Decoded) => tf.Scalar): ChainGradients {
  const specs = [
    ...encoderSpecs(encoder.config).map((spec) => ({ ...spec, name: `encoder/${spec.name}`, value: encoder.weights[spec.name]! })),
    ...decoderSpecs(decoder.config).map((spec) => ({ ...spec, name: `decoder/${spec.name}`, value: decoder.weights[spec.name]! })),
  ];
  const [batch] = preps.shape;
  // Nothing added to embedding and PRep: the gradients of these zeros are theirs.
  const zeroEmbedding = tf.zeros([batch, encoder.config.embeddingSize]);
  const zeroPrep = tf.zeros([batch, ...decoder.config.prepShape]);
  const seen: tf.Tensor[] = [];
  const look = <T extends tf.Tensor>(tensor: T): T => {
    seen.push(tf.keep(tf.clone(tensor)));
    return tensor;
  };
  const { value, grads } = tf.valueAndGrads((...x) => {
    const byName = Object.fromEntries(specs.map(({ name }, i) => [name, x[i]!]));
    const embedding = look(tf.add<tf.Tensor2D>(encode(part(byName, 'encoder/'), preps, encoder.config), x.at(-2)!));
    const decoded = decode(part(byName, 'decoder/'), embedding, decoder.config);
    const predicted = look(tf.add<tf.Tensor3D>(decoded.preps, x.at(-1)!));
    if (decoded.classLogits !== undefined) look(decoded.classLogits);
    return loss({ ...decoded, preps: predicted });
  })([...specs.map((spec) => spec.value), zeroEmbedding, zeroPrep]);
  const [embedding, predicted, classLogits] = seen.map((tensor) => tf.clone(tensor)); // the caller's scope owns these
  tf.dispose(seen);
  return {
    loss: value as tf.Scalar,
    embedding: embedding as tf.Tensor2D,
    preps: predicted as tf.Tensor3D,
    classLogits: classLogits as tf.Tensor2D | undefined,
    gradEmbedding: grads.at(-2)!,
    gradPrep: grads.at(-1)!,
    parameters: new Map(specs.map((spec, i) => [spec.name, torchOrder(grads[i]!, spec)])),
  };
}

const part = (tensors: NamedTensors, prefix: string): NamedTensors =>
  Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );

/** TensorFlow's axis order → PyTorch's. */
function torchOrder(tensor: tf.Tensor, { shape, tensorAxes }: ParameterSpec): tf.Tensor {
  if (tensorAxes === undefined) return tensor;
  return tf.transpose(
    tensor,
    shape.map((_, axis) => tensorAxes.indexOf(axis)),
  );
}
