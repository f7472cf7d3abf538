import { NetSpaceError, tensorShape, type ParameterSpec } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { checkInteger, checkNumber } from './architectures/check-option.js';
import { randomStream } from './datasets/random.js';

export interface InitializeOptions {
  /** Same seed, same values, on every runtime. A non-negative integer. */
  readonly seed: number;
  /**
   * `pytorch`: the defaults of its layers; `siren`: Sitzmann et al. for weights, PyTorch's for biases.
   *
   * @default 'pytorch'
   */
  readonly scheme?: 'pytorch' | 'siren';
  /**
   * The frequency factor ω of the network, for scheme `siren`. Dimensionless, > 0.
   *
   * @default 30
   */
  readonly omega?: number;
}

/**
 * Random parameter values to start training from, one tensor per spec in TensorFlow's axis order.
 *
 * `pytorch`: weights and biases of convolutions and linear layers U(±1/√fan_in), a bias with the fan-in of the weight before it;
 * batch norm starts as weight 1, bias 0, running mean 0, running variance 1.
 * `siren`: weights of the first layer U(±1/in), of the others U(±√(6/in)/ω); biases as above.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the seed, scheme or ω is out of range
 * @see PyTorch, `torch.nn.Linear.reset_parameters`; Sitzmann et al., arXiv:2006.09661, section 3.2
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { initialize, lenetLike } from '@netspace/zoo';
 *
 * const { parameters: specs } = lenetLike();
 * const parameters = initialize(specs, { seed: 1 });
 * console.log(parameters[0]!.shape); // [ 5, 5, 3, 6 ]
 * ```
 */
export function initialize(specs: readonly ParameterSpec[], { seed, scheme = 'pytorch', omega = 30 }: InitializeOptions): tf.Tensor[] {
  checkInteger('initialize', 'seed', seed, 0, Number.MAX_SAFE_INTEGER);
  checkNumber('initialize', 'omega', omega, 0.001, 1_000_000);
  if (!SCHEMES.includes(scheme)) {
    throw new NetSpaceError('INVALID_OPTION', `initialize: expected scheme 'pytorch' or 'siren', got '${scheme}'; choose one`);
  }
  const uniform = randomStream(seed);
  const firstWeight = specs.findIndex((spec) => spec.shape.length > 1);
  let weight: ParameterSpec | undefined;
  return specs.map((spec, i) => {
    if (spec.shape.length > 1 || spec.name.endsWith('weight')) weight = spec;
    const distribution = distributionOf(spec, weight);
    const shape = tensorShape(spec);
    if (typeof distribution === 'object') {
      const siren = scheme === 'siren' && spec === weight;
      const bound = siren ? sirenBound(distribution.fanIn, i === firstWeight, omega) : 1 / Math.sqrt(distribution.fanIn);
      return tf.tensor(
        Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => (2 * uniform() - 1) * bound),
        shape,
        'float32',
      );
    }
    return tf.fill(shape, distribution);
  });
}

const SCHEMES: readonly string[] = ['pytorch', 'siren'];

const sirenBound = (fanIn: number, first: boolean, omega: number): number => (first ? 1 / fanIn : Math.sqrt(6 / fanIn) / omega);

/** Either a constant, or the fan-in that bounds a uniform distribution. */
function distributionOf(spec: ParameterSpec, weight: ParameterSpec | undefined): number | { readonly fanIn: number } {
  if (spec.shape.length > 1) return { fanIn: fanIn(spec) };
  if (spec === weight || spec.name.endsWith('running_var')) return 1; // a norm's
  const ofLayer = weight !== undefined && weight.shape.length > 1 && prefix(weight.name) === prefix(spec.name);
  return ofLayer && spec.name.endsWith('bias') ? { fanIn: fanIn(weight) } : 0;
}

/** Inputs of one output: the product of all axes but the first, as PyTorch counts it. */
const fanIn = ({ shape }: ParameterSpec): number => Math.max(1, tf.util.sizeFromShape(shape.slice(1)));

const prefix = (name: string): string => name.slice(0, name.lastIndexOf('.') + 1);
