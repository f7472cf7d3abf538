import { NetSpace } from '@netspace/model';
import { tensorShape, type Architecture, type Instance } from '@netspace/prep';
import { createImageDataset, type ImageDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

/** A linear classifier of images of 2×2 pixels; `hidden` > 0 puts a layer between. */
export function tinyClassifier({ hidden = 0, classes = 3 } = {}): Architecture {
  const sizes = hidden > 0 ? [4, hidden, classes] : [4, classes];
  return {
    name: `tiny-${sizes.join('-')}`,
    parameters: sizes.slice(1).flatMap((size, i) => [
      { name: `${i}.weight`, shape: [size, sizes[i]!], tensorAxes: [1, 0] },
      { name: `${i}.bias`, shape: [size] },
    ]),
    apply(parameters, x) {
      let value = tf.reshape(x, [-1, 4]) as tf.Tensor2D; // [B, 2, 2, 1] → [B, 4]
      for (let i = 0; i < parameters.length; i += 2) {
        if (i > 0) value = tf.tanh(value);
        value = tf.add(tf.matMul(value, parameters[i] as tf.Tensor2D), parameters[i + 1]!);
      }
      return value;
    },
  };
}

/** A network with normally distributed parameters. */
export const randomInstance = (architecture: Architecture, seed: number): Instance => ({
  architecture,
  parameters: architecture.parameters.map((spec, i) => tf.randomNormal(tensorShape(spec), 0, 1, 'float32', 100 * seed + i + 1)),
});

/** A space of tiny classifiers, untrained, whose decoded networks are `instance` and something that depends strongly on the embedding. */
export function tinySpace(architectures: readonly Architecture[], instance: Instance, seed = 1): NetSpace {
  const space = new NetSpace({ architectures, prepShape: [4, 16], preset: 'tiny', start: { from: 'instance', instance }, seed });
  const scale = space.variables['decoder/scalelayer.scale']!;
  tf.tidy(() => scale.assign(tf.mul(scale, 3000)));
  return space;
}

/** Random images of 2×2 grey pixels; the label is the place of the brightest of the first three. */
export function tinyDataset(count = 60): ImageDataset {
  const images = Uint8Array.from(pixels(count * 4));
  const labels = Uint8Array.from({ length: count }, (_, i) => {
    const [a, b, c] = images.subarray(i * 4, i * 4 + 3);
    return a! >= b! && a! >= c! ? 0 : b! >= c! ? 1 : 2;
  });
  return createImageDataset({ name: 'tiny', images, labels, shape: [2, 2, 1], classes: 3, mean: [0.5], std: [0.3] });
}

function pixels(count: number): number[] {
  let state = 1;
  return Array.from({ length: count }, () => (state = Math.imul(state, 1103515245) + 12345) >>> 24);
}

/** The classifier that is always right on `tinyDataset`. */
export function perfectClassifier(): Instance {
  const weight = [5, 0, 0, 0, 5, 0, 0, 0, 5, 0, 0, 0];
  return { architecture: tinyClassifier(), parameters: [tf.tensor2d(weight, [4, 3]), tf.zeros([3])] };
}
