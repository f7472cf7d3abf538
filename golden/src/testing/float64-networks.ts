import type { RawTensor } from '@netspace/formats';

import { add, averagePool8, convolve, leaky, linear, maximum, planes, square, view, type Layer, type Planes } from './float64.js';

/** A state dict, PyTorch's names and axis order. */
export type Weights = ReadonlyMap<string, RawTensor>;

const values = (weights: Weights, name: string): Float32Array => weights.get(name)!.data as Float32Array;

const layer = (weights: Weights, name: string): Layer => ({
  shape: weights.get(`${name}.weight`)!.shape,
  weight: values(weights, `${name}.weight`),
  bias: values(weights, `${name}.bias`),
});

/** LeNetLike for 32×32 images: two 5×5 convolutions of stride 2, three linear layers. */
export function lenetLike(weights: Weights, image: Planes): Float64Array {
  const features = ['conv1', 'conv2'].reduce((x, name) => leaky(square(x, layer(weights, name), 2, 0)), image);
  const hidden = ['fc1', 'fc2'].reduce<Float64Array>((x, name) => {
    const sums = linear(x, layer(weights, name));
    return sums.map((sum) => (sum > 0 ? sum : 0.01 * sum));
  }, features.data);
  return linear(hidden, layer(weights, 'fc3'));
}

/** ResNet with `blocks` blocks in each of three stages. */
export function resnet(weights: Weights, image: Planes, blocks: number): Float64Array {
  let x = leaky(square(image, layer(weights, 'conv1'), 1, 1));
  for (let stage = 0; stage < 3; stage++) {
    for (let block = 0; block < blocks; block++) {
      const name = `layers.${stage}.${block}`;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const identity = stride === 2 ? square(x, layer(weights, `${name}.downsample`), 2, 0) : x;
      const hidden = leaky(square(x, layer(weights, `${name}.conv1`), stride, 1));
      x = leaky(add(square(hidden, layer(weights, `${name}.conv2`), 1, 1), identity));
    }
  }
  return linear(averagePool8(x).data, layer(weights, 'fc'));
}

/** SIREN at one point; all layers but the last are followed by sin(30 z). */
export function siren(weights: Weights, point: ArrayLike<number>): Float64Array {
  const names = [...weights.keys()].filter((name) => name.endsWith('.weight')).map((name) => name.replace(/\.weight$/, ''));
  return names.reduce<Float64Array>((x, name, i) => {
    const sums = linear(x, layer(weights, name));
    return i === names.length - 1 ? sums : sums.map((sum) => Math.sin(30 * sum));
  }, Float64Array.from(point));
}

/** One PRep's embedding, and the convolutions' outputs. */
export function encoder(
  weights: Weights,
  prep: Planes,
): { readonly embedding: Float64Array; readonly layers: Readonly<Record<string, Planes>> } {
  const conv1 = convolve(prep, layer(weights, 'conv1.0'), [1, 2], [0, 1]);
  const conv2 = convolve(leaky(conv1), layer(weights, 'conv2.0'), [1, 2], [0, 1]);
  const conv3 = convolve(maximum(leaky(conv2), 'width'), layer(weights, 'conv3.0'), [1, 1], [1, 0]);
  const conv4 = convolve(leaky(conv3), layer(weights, 'conv4.0'), [1, 1], [1, 0]);
  return { embedding: maximum(leaky(conv4), 'height').data, layers: { conv1, conv2, conv3, conv4 } };
}

/** One embedding's PRep H×W and class logits, and the convolutions' outputs. */
export function decoder(weights: Weights, embedding: ArrayLike<number>, height: number, width: number) {
  const grid = planes(embedding, embedding.length / 4096, 64, 64);
  const conv1 = square(grid, layer(weights, 'conv1.0'), 2, 1);
  const conv2 = square(view(leaky(conv1), 128, height, 2048), layer(weights, 'conv2.0'), 2, 1);
  const conv3 = square(view(leaky(conv2), 512, height / 2, width / 4), layer(weights, 'conv3.0'), 2, 1);
  const conv4 = square(leaky(conv3), layer(weights, 'conv4.0'), 1, 1);
  const [scale, bias] = [values(weights, 'scalelayer.scale'), values(weights, 'scalelayer.bias')];
  const head = square(grid, layer(weights, 'arch_conv.0'), 2, 1);
  return {
    prep: conv4.data.map((value, i) => value * scale[i]! + bias[i]!),
    classLogits: linear(leaky(head).data, layer(weights, 'arch_classifier')),
    layers: { conv1, conv2, conv3, conv4, arch_conv: head },
  };
}
