import { type Architecture, type Instance, NetSpaceError } from '@netspace/prep';
import { checkBackend, checkBytes, extended, firstNonFinite, type GivenBy, objectOf, parseOptions, refuseNonFinite, toTensorOrder } from '@netspace/prep/internal'; // prettier-ignore
import * as tf from '@tensorflow/tfjs-core';

import { architectureFromOnnxOptions, readingOptions, sourceOf } from './architecture-from-onnx.js';
import { differingConstants } from './graph/differing-constants.js';
import { valuesOf } from './graph/values-of.js';
import { brief } from './limits.js';
import { type OnnxNetwork, readNetwork } from './network.js';

const { name: _name, purpose: _purpose, ...reading } = architectureFromOnnxOptions.entries;
/** See {@link InstanceFromOnnxOptions}. */
export const instanceFromOnnxOptions = extended(objectOf({}), reading);

/** Options of {@link instanceFromOnnx}; each is as the architecture was made unless given. */
export interface InstanceFromOnnxOptions extends GivenBy<typeof instanceFromOnnxOptions> {}

/**
 * The network that an ONNX file holds, as an instance of its architecture.
 *
 * @param architecture what `architectureFromOnnx` made of this file, or of another of the same graph with other weights
 * @param bytes the whole file
 * @returns an instance with new tensors, which the caller frees with `disposeInstances([instance])`
 * @throws NetSpaceError `SHAPE_MISMATCH` if the file has other parameters than the architecture, `INVALID_OPTION` if its graph computes something
 *   else, or a weight is not finite; otherwise as `architectureFromOnnx`
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { architectureFromOnnx, instanceFromOnnx } from '@netspace/onnx';
 *
 * const file = // a linear layer; or the bytes of a file: new Uint8Array(await readFile('net.onnx'))
 *   'CAg6lgEKMwoBeAoJZmMud2VpZ2h0CgdmYy5iaWFzEgF5GgJmYyIER2VtbSoNCgZ0cmFuc0IYAaABAhIBZyobCAEIAhABIggAAEBA' +
 *   'AACAQEIJZmMud2VpZ2h0KhMIARABIgQAAKBAQgdmYy5iaWFzWhQKAXgSDwoNCAESCQoDEgFuCgIIAmIUCgF5Eg8KDQgBEgkKAxIB' +
 *   'bgoCCAFCBAoAEBE=';
 * const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
 * const architecture = architectureFromOnnx(bytes);
 * const { parameters } = instanceFromOnnx(architecture, bytes); // y = 3 a + 4 b + 5
 * console.log(await architecture.apply(parameters, tf.tensor2d([[1, 10]])).array()); // [ [ 48 ] ]
 * ```
 */
export function instanceFromOnnx<Name extends string>(
  architecture: Architecture<Name>,
  bytes: Uint8Array,
  options: InstanceFromOnnxOptions = {},
): Instance<Name> {
  const caller = 'instanceFromOnnx';
  const parsed = parseOptions(caller, instanceFromOnnxOptions, withReading(architecture, options));
  checkBytes(caller, bytes);
  checkBackend(caller);
  const network = readNetwork(bytes, readingOptions(parsed));
  checkSameNetwork(caller, architecture, network);
  const values = network.bindings.map((binding) => {
    const numbers = valuesOf(binding, network.graph.initializers);
    refuseNonFinite(caller, firstNonFinite(binding.spec.name, numbers, binding.spec.shape));
    return numbers;
  });
  const parameters = tf.tidy(() =>
    network.bindings.map(({ spec }, i) => tf.clone(toTensorOrder(tf.tensor(values[i]!, [...spec.shape], 'float32'), spec))),
  );
  return { architecture, parameters };
}

/** Options with those of the architecture where none are given. */
export function withReading(architecture: Architecture, options: InstanceFromOnnxOptions): InstanceFromOnnxOptions {
  const { purpose: _, ...reading } = sourceOf(architecture)?.reading ?? {};
  return typeof options === 'object' ? { ...reading, ...options } : options;
}

/** Refuses a file of another graph, as far as the architecture shows what its own was. */
export function checkSameNetwork(caller: string, architecture: Architecture, network: OnnxNetwork): void {
  const own = sourceOf(architecture)?.network;
  // Two exports of one Keras model differ in the names that their exporter counted up, and in nothing else.
  if (own?.namelessFingerprint !== undefined && own.namelessFingerprint === network.namelessFingerprint) return;
  const shapes = (specs: Architecture['parameters']): string[] => specs.map(({ name, shape }) => `${name} [${shape}]`);
  const [expected, got] = [shapes(architecture.parameters), shapes(network.bindings.map(({ spec }) => spec))];
  const at = expected.findIndex((text, i) => text !== got[i]);
  if (at >= 0 || expected.length !== got.length) {
    const place = at < 0 ? expected.length : at;
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${caller}: expected parameter ${place + 1} of ${architecture.name} to be ${expected[place] ?? 'none'}, got ${got[place] ?? 'none'}; pass a file of the same architecture`,
    );
  }
  const differs = own === undefined ? /^onnx-[0-9a-f]{13}$/.test(architecture.name) && architecture.name !== `onnx-${network.fingerprint}` : own.fingerprint !== network.fingerprint; // prettier-ignore
  if (differs) {
    const other = own && differingConstants(own, network);
    if (other !== undefined) {
      throw new NetSpaceError(
        'INVALID_OPTION',
        `${caller}: expected the constants of ${architecture.name}, got other numbers in ${other.map(brief).join(', ')}; if training changes them, name them in the option parameters of architectureFromOnnx, otherwise pass a file of the same architecture`,
      );
    }
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${caller}: expected the graph of ${architecture.name}, got one of the same parameters that computes something else (onnx-${network.fingerprint}); pass a file of the same architecture`,
    );
  }
}
