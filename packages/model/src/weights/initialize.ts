import { tensorShape, type ParameterSpec } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

export interface InitializeOptions {
  /** Any number; equal seeds give equal weights on every runtime. */
  readonly seed: number;
  /**
   * `[H, W]`, the PRep of one trained network, from which the scale layer starts. If it is left out, the layer starts as the authors' does.
   */
  readonly prep?: tf.Tensor2D | undefined;
}

/**
 * Draws the weights of an encoder or a decoder.
 *
 * Convolutions and linear layers as PyTorch's default: weight and bias uniform in ±1/√fan_in. Scale layer as the authors:
 * weight N(0, 1) · 10⁻³, bias U(0, 1) · 10⁻²; or, starting from a trained network, weight N(0, 1) · 10⁻² and that network's
 * PRep as bias. Behind dense layers its weight is 1: they have a weight for each element already, which a small factor would only slow down.
 *
 * @param specs in PyTorch's order: a layer's bias follows its weight
 * @returns one tensor per spec, TensorFlow's axis order
 */
export function initializeWeights(specs: readonly ParameterSpec[], { seed, prep }: InitializeOptions): tf.Tensor[] {
  return tf.tidy(() => {
    let bound = 0; // of the layer whose weight came last
    const isDense = specs.some(({ name }) => name === 'dense1.weight');
    return specs.map((spec, i) => {
      const shape = tensorShape(spec);
      const own = seedOf(seed, i);
      if (spec.name === 'scalelayer.scale' && isDense) return tf.ones(shape);
      if (spec.name === 'scalelayer.scale') return tf.mul(tf.randomNormal(shape, 0, 1, 'float32', own), prep === undefined ? 1e-3 : 1e-2);
      if (spec.name === 'scalelayer.bias') return prep === undefined ? tf.randomUniform(shape, 0, 1e-2, 'float32', own) : tf.clone(prep);
      if (spec.shape.length > 1) bound = 1 / Math.sqrt(tf.util.sizeFromShape(spec.shape.slice(1))); // fan in: all but the output channels
      return tf.randomUniform(shape, -bound, bound, 'float32', own);
    });
  });
}

/** A seed for each parameter. It is never 0, because tfjs reads 0 as "no seed". */
const seedOf = (seed: number, index: number): number => 1 + ((Math.imul(seed, 0x9e3779b1) + Math.imul(index + 1, 0x85ebca6b)) >>> 0);
