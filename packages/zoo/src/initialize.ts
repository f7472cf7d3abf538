import { tensorShape, type ParameterSpec } from '@netspace/prep';
import {
  checkBackend,
  type GivenBy,
  listOf,
  numberOf,
  objectOf,
  oneOf,
  parseOptions,
  seed,
  thing,
  withDefault,
  randomStream,
} from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

/** See {@link InitializeOptions}. */
export const initializeOptions = objectOf({
  /** The same seed gives the same values on every runtime. */
  seed,
  /**
   * `pytorch`: the defaults of its layers; `siren`: Sitzmann et al. for weights, PyTorch's for biases.
   * @default 'pytorch'
   */
  scheme: withDefault(oneOf(['pytorch', 'siren']), 'pytorch'),
  /**
   * The frequency factor ω of the network, for scheme `siren`; from 0.001 to 1,000,000.
   * @default 30
   */
  omega: withDefault(
    numberOf('a number from 0.001 to 1000000', (value) => value >= 0.001 && value <= 1_000_000),
    30,
  ),
});

/** Options of {@link initialize}. */
export interface InitializeOptions extends GivenBy<typeof initializeOptions> {}

const initializeArguments = objectOf({
  specs: listOf(
    thing<ParameterSpec>('a parameter spec, with name and shape', ['name', 'shape']),
    'a list of parameter specs, such as architecture.parameters',
  ),
});

/**
 * Random parameter values to start training from, one tensor per spec in TensorFlow's axis order.
 *
 * `pytorch`: weights and biases of convolutions and linear layers U(±1/√fan_in), a bias with the fan-in of the weight before it;
 * batch norm starts as weight 1, bias 0, running mean 0, running variance 1.
 * `siren`: weights of the first layer U(±1/in), of the others U(±√(6/in)/ω); biases as above.
 *
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown, missing or out of range, `UNAVAILABLE` if no TensorFlow.js backend
 * was imported
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
export function initialize(specs: readonly ParameterSpec[], options: InitializeOptions): tf.Tensor[] {
  const { seed: own, scheme, omega } = parseOptions('initialize', initializeOptions, options);
  parseOptions('initialize', initializeArguments, { specs });
  checkBackend('initialize');
  const uniform = randomStream(own);
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
