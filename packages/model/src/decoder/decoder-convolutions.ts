import { leakyReluGradient } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import type { DecoderConfig } from './decoder-config.js';
import { joinColumns, splitColumns } from './column-phases.js';
import { leakyRelu, LEAKY_SLOPE } from '../layers/leaky-relu.js';
import { narrowConvolution, narrowConvolutionGradients } from '../encoder/narrow-convolution.js';
import { convolvePhases, kernelMatrix, patchTable, phasedKernelGradient, type PhasedShape } from './phased-convolution.js';
import { phasedInputGradient, rowsOf } from './phased-input-gradient.js';

/** Largest tensor of patches in memory at a time, in elements. Networks are independent, so they are taken a few at a time. */
const CHUNK = 2 ** 22;

interface Kernel {
  /** `[3, 3, C, O]` */
  readonly weight: tf.Tensor4D;
  /** `[O]` */
  readonly bias: tf.Tensor1D;
}

/**
 * The decoder's four convolutions and the views between them, channels first throughout.
 *
 * PyTorch's `view` costs nothing if data are channels first. A stride of 2 costs nothing if images are kept split by columns into phases: 8
 * phases of the embedding's columns give 4 phases of the first convolution's output, these give 2 of the second's, and these the third's. A
 * view does not change a place modulo 4, so the phases of a view are the views of the phases. Therefore nothing is transposed between
 * products.
 *
 * It is one operation with a gradient of its own, which keeps the input of each convolution once. First derivatives only.
 *
 * @param planes embeddings as `[B, c, g, g]`
 * @param kernels of the four convolutions
 * @returns `[B, 32, H/4, W/8]`
 */
export function decoderConvolutions(planes: tf.Tensor4D, kernels: readonly Kernel[], config: DecoderConfig): tf.Tensor4D {
  const shapes = layerShapes(planes.shape, config);
  const batch = planes.shape[0];
  const perChunk = Math.max(1, Math.floor(CHUNK / Math.max(...shapes.map(patchSize))));
  const starts = Array.from({ length: Math.ceil(batch / perChunk) }, (_, i) => i * perChunk);
  const convolve = tf.customGrad((...inputs) => {
    const save = inputs.pop() as tf.GradSaveFunc;
    const [input, ...weights] = inputs as [tf.Tensor4D, ...tf.Tensor[]];
    const given = pairs(weights);
    const matrices = given.slice(0, -1).map(({ weight, bias }) => kernelMatrix(weight, bias));
    const parts = starts.map((start) => {
      const some = tf.slice(input, [start], [Math.min(perChunk, batch - start)]);
      return tf.tidy(() => forward(some, { kernels: given, matrices, shapes, config }));
    });
    save([...weights, ...parts.flatMap(({ kept }) => kept)]);
    const value = parts.length === 1 ? parts[0]!.value : tf.concat(parts.map(({ value: part }) => part));
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const gradients = starts.map((start, i) => {
        const kept = saved.slice(weights.length + 4 * i, weights.length + 4 * (i + 1));
        const some = tf.slice(dy as tf.Tensor4D, [start], [Math.min(perChunk, batch - start)]);
        return backward(some, kept, { kernels: pairs(saved.slice(0, weights.length)), shapes, config });
      });
      return tf.tidy(() => {
        const [first, ...ofWeights] = gradients[0]!.map((_, i) => gradients.map((list) => list[i]!));
        return [tf.concat(first!), ...ofWeights.map((list) => (list.length === 1 ? list[0]! : tf.addN(list)))];
      });
    };
    return { value, gradFunc };
  });
  return convolve(planes, ...kernels.flatMap(({ weight, bias }) => [weight, bias])) as tf.Tensor4D;
}

interface Context {
  readonly kernels: readonly Kernel[];
  readonly shapes: readonly PhasedShape[];
  readonly config: DecoderConfig;
}

/** The result for a few networks. `kept` holds the inputs of the four convolutions: three tables and the images of the last. */
function forward(
  planes: tf.Tensor4D,
  { kernels, matrices, shapes, config }: Context & { readonly matrices: readonly tf.Tensor2D[] },
): { readonly value: tf.Tensor4D; readonly kept: tf.Tensor[] } {
  const kept: tf.Tensor[] = [];
  let phases: tf.Tensor[] = [planes];
  for (const [i, shape] of shapes.entries()) {
    const table = tf.tidy(() => patchTable(phases.length === shape.phases ? phases : splitColumns(phases, shape), shape));
    kept.push(table);
    phases = convolvePhases(table, matrices[i]!, shape).map((z) => {
      const y = leakyRelu(z);
      z.dispose();
      return y;
    });
  }
  const last: tf.Tensor4D = tf.reshape(phases[0]!, [-1, config.decoderHidden, config.prepShape[0] / 4, config.prepShape[1] / 8]);
  kept.push(last);
  const { weight, bias } = kernels.at(-1)!;
  return { value: narrowConvolution(last, weight, bias), kept };
}

/** Gradients of planes, weight1, bias1, …, bias4; frees each kept tensor after its use. */
function backward(dy: tf.Tensor4D, kept: readonly tf.Tensor[], { kernels, shapes }: Context): tf.Tensor[] {
  const last = kept.at(-1) as tf.Tensor4D;
  const ofLast = narrowConvolutionGradients(dy, last, kernels.at(-1)!.weight);
  const gradients: tf.Tensor[] = [ofLast.weight, ofLast.bias];
  let dz: tf.Tensor[] = [beforeLeaky(ofLast.x, last)];
  last.dispose();
  for (let i = shapes.length - 1; i >= 0; i--) {
    const shape = shapes[i]!;
    const table = kept[i] as tf.Tensor3D;
    const { weight, bias } = kernels[i]!;
    const outputs = bias.size;
    const ofZ = dz.map((z) => tf.reshape<tf.Rank.R3>(z, [-1, outputs, (shape.height / 2) * shape.length]));
    const ofKernel = phasedKernelGradient(table, ofZ, shape);
    gradients.unshift(
      tf.reshape(tf.slice(ofKernel, 0, [9 * shape.channels, -1]), weight.shape),
      tf.reshape(tf.slice(ofKernel, [9 * shape.channels, 0], [1, -1]), [outputs]),
    );
    ofKernel.dispose();
    const ofInput = phasedInputGradient(weight, ofZ, shape);
    tf.dispose([dz, ofZ]);
    dz = i === 0 ? [joinColumns(ofInput, 1)[0]!] : beforeView(ofInput, table, shape, shapes[i - 1]!.phases / 2);
    tf.dispose(ofInput);
    table.dispose();
  }
  return [dz[0]!, ...gradients];
}

/** The gradient of a layer's output phases from the gradient of the next layer's input, which may have more phases and is freed. */
function beforeView(gradients: readonly tf.Tensor4D[], table: tf.Tensor3D, { channels, height }: PhasedShape, phases: number): tf.Tensor[] {
  const rows = channels * height;
  const parts = gradients.map((dy, p) => {
    const before = tf.tidy(() => beforeLeaky(dy, tf.reshape(rowsOf(table, p * rows, rows), dy.shape)));
    dy.dispose();
    return before;
  });
  if (parts.length === phases) return parts;
  const joined = joinColumns(parts, phases);
  tf.dispose(parts);
  return joined;
}

const beforeLeaky = <T extends tf.Tensor>(dy: T, y: tf.Tensor): T => leakyReluGradient(dy, y, LEAKY_SLOPE);

/** The inputs of the convolutions of stride 2. */
function layerShapes([, channels, grid]: tf.Tensor4D['shape'], config: DecoderConfig): PhasedShape[] {
  const [height, width] = config.prepShape;
  const { decoderChannels, decoderWidth } = config;
  const phases = grid % 8 === 0 ? 8 : 2; // otherwise the first convolution's output has to be split again
  return [
    { channels, height: grid, length: grid / phases, phases },
    { channels: decoderChannels, height, length: decoderWidth / 4, phases: 4 },
    { channels: decoderWidth / 4, height: height / 2, length: width / 8, phases: 2 },
  ];
}

const patchSize = ({ channels, height, length }: PhasedShape): number => (9 * channels * height * length) / 2;

const pairs = (tensors: readonly tf.Tensor[]): Kernel[] =>
  Array.from({ length: tensors.length / 2 }, (_, i) => ({
    weight: tensors[2 * i] as tf.Tensor4D,
    bias: tensors[2 * i + 1] as tf.Tensor1D,
  }));
