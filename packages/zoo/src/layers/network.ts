import { NetSpaceError, parameterCount, tensorShape, type Architecture, type ParameterSpec, type Purpose } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { lookUp, plainLayers, type Layers } from './layers.js';
import { manyLayers } from './many-layers.js';

/** The layers that batch norm folding makes into one. */
export interface UnfoldedNames {
  readonly convolution: string;
  readonly norm: string;
}

/** A network of the zoo, independent of where its parameters come from. */
export interface Network<Name extends string = string> {
  readonly name: Name;
  readonly purpose: Purpose;
  readonly parameters: readonly ParameterSpec[];
  /** Shape of one input, without the batch. */
  readonly input: readonly number[];
  forward(layers: Layers, x: tf.Tensor): tf.Tensor2D;
  /** Whether `applyMany` also takes inputs `[K, batch, …]`, for each network its own. */
  readonly ownInputs?: boolean;
  /** For a network that is trained with batch norm: PyTorch's names of a convolution and of its norm before they are folded into one. */
  readonly unfolded?: (convolution: string) => UnfoldedNames;
}

/** The most parameters of an architecture of the zoo: 1 GiB in single precision, ten times the largest network that was ever encoded. */
const PARAMETER_LIMIT = 2 ** 28;

/** The architecture that runs a network on the tensors it is given. */
export function defineArchitecture<Name extends string>(network: Network<Name>): Architecture<Name> {
  const { name, purpose, parameters: specs } = network;
  const count = parameterCount(specs);
  if (count > PARAMETER_LIMIT) {
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      `${name.slice(0, 80)}: expected at most ${PARAMETER_LIMIT} parameters, got ${count}; choose smaller sizes`,
    );
  }
  const architecture: Architecture<Name> = {
    name,
    purpose,
    parameters: specs,
    ...batchNormsOf(network),
    apply(parameters, x) {
      checkTensors(name, specs, parameters);
      checkInput(network, x);
      return tf.tidy(() => network.forward(plainLayers(lookUp(specs, parameters), x), x));
    },
    applyMany(parameters, x) {
      const count = parameters[0]?.shape[0] ?? 0;
      checkTensors(`${name}: applyMany`, specs, parameters, [count]);
      const ownInputs = network.ownInputs === true && x.rank === network.input.length + 2;
      if (ownInputs) checkInput(network, x, [count]);
      else checkInput(network, x);
      return tf.tidy(() => {
        const batch = ownInputs ? tf.reshape(x, [-1, ...network.input]) : x;
        const layers = manyLayers(lookUp(specs, parameters), count, ownInputs ? undefined : batch);
        const outputs = network.forward(layers, batch); // [K · batch, out]
        return tf.reshape(outputs, [count, -1, outputs.shape[1]]);
      });
    },
  };
  networks.set(architecture, network);
  return architecture;
}

const networks = new WeakMap<Architecture, Network>();

/** The network of an architecture that `defineArchitecture` has made; undefined for a changed copy, which may run in another way. */
export const networkOf = (architecture: Architecture): Network | undefined => networks.get(architecture);

/** The convolutions of a network that is trained with batch norm, by their names before and after folding. */
function batchNormsOf({ parameters, unfolded }: Network): Pick<Architecture, 'batchNorms'> {
  if (unfolded === undefined) return {};
  const layers = parameters.filter(({ shape }) => shape.length === 4).map(({ name }) => name.slice(0, name.lastIndexOf('.')));
  return { batchNorms: layers.map((layer) => ({ weight: `${layer}.weight`, bias: `${layer}.bias`, ...unfolded(layer) })) };
}

/** Checks one tensor per spec, each of its shape after `leading` axes. */
export function checkTensors(
  caller: string,
  specs: readonly ParameterSpec[],
  tensors: readonly tf.Tensor[],
  leading: readonly number[] = [],
): void {
  if (tensors.length !== specs.length) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${caller}: expected ${specs.length} parameters, got ${tensors.length}; pass one per spec, in order`,
    );
  }
  specs.forEach((spec, i) => {
    const expected = [...leading, ...tensorShape(spec)];
    const got = tensors[i]?.shape ?? [];
    if (!tf.util.arraysEqual(expected, got)) {
      throw new NetSpaceError(
        'SHAPE_MISMATCH',
        `${caller}: expected ${spec.name} as [${expected}], got [${got}]; use TensorFlow's axis order`,
      );
    }
  });
}

/** Checks a batch of inputs, or one batch for each network if `leading` counts the networks. */
export function checkInput({ name, input }: Pick<Network, 'name' | 'input'>, x: tf.Tensor, leading: readonly number[] = []): void {
  const before = leading.length + 1;
  const fits = x.rank === before + input.length && tf.util.arraysEqual(x.shape.slice(before), [...input]);
  if (!fits || leading.some((size, axis) => size !== x.shape[axis])) {
    const hint = input.length === 3 ? 'images are [batch, height, width, channels]' : 'points are [batch, coordinates]';
    const expected = [...leading, 'batch', ...input].join(', ');
    throw new NetSpaceError('SHAPE_MISMATCH', `${name}: expected x as [${expected}], got [${x.shape}]; ${hint}`);
  }
}
