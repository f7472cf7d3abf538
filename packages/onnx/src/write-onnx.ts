import { type Instance, NetSpaceError } from '@netspace/prep';
import { checkBytes, checkInstance, type GivenBy, parseOptions, toTorchOrder } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { readingOptions, sourceOf } from './architecture-from-onnx.js';
import { initializersOf } from './graph/initializers-of.js';
import { valuesOf } from './graph/values-of.js';
import { checkSameNetwork, instanceFromOnnxOptions, withReading } from './instance-from-onnx.js';
import { type OnnxNetwork, readNetwork } from './network.js';
import { tensorBytes, withInitializers, withInputs } from './proto/write.js';

/** Options of {@link writeOnnx}; each is as the architecture was made unless given. */
export interface WriteOnnxOptions extends GivenBy<typeof instanceFromOnnxOptions> {}

/**
 * An ONNX file with a network's weights: the graph of the file that its architecture came from, and new initializers.
 *
 * All else in the file stays as it is, to the byte. Batch norms that the architecture has folded stay in the graph and change nothing.
 *
 * @param instance of an architecture that `architectureFromOnnx` made; left as it is
 * @param graph the bytes of that ONNX file, or of another of the same architecture; left out, those of which the architecture was made
 * @returns the bytes of the new file
 * @throws NetSpaceError `SHAPE_MISMATCH`, `INVALID_OPTION` if the file is of another architecture; `UNSUPPORTED` for an architecture that is of no
 *   ONNX file, if its exporter merged
 *   parameters that are not equal here; otherwise as `architectureFromOnnx`
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { architectureFromOnnx, instanceFromOnnx, writeOnnx } from '@netspace/onnx';
 *
 * const file = // a linear layer; or the bytes of a file: new Uint8Array(await readFile('net.onnx'))
 *   'CAg6lgEKMwoBeAoJZmMud2VpZ2h0CgdmYy5iaWFzEgF5GgJmYyIER2VtbSoNCgZ0cmFuc0IYAaABAhIBZyobCAEIAhABIggAAEBA' +
 *   'AACAQEIJZmMud2VpZ2h0KhMIARABIgQAAKBAQgdmYy5iaWFzWhQKAXgSDwoNCAESCQoDEgFuCgIIAmIUCgF5Eg8KDQgBEgkKAxIB' +
 *   'bgoCCAFCBAoAEBE=';
 * const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
 * const architecture = architectureFromOnnx(bytes);
 * const doubled = instanceFromOnnx(architecture, bytes).parameters.map((tensor) => tf.mul(tensor, 2));
 * const written = await writeOnnx({ architecture, parameters: doubled }, bytes); // save it as a file
 * console.log(await instanceFromOnnx(architecture, written).parameters[1]!.array()); // [ 10 ]
 * ```
 */
export async function writeOnnx(instance: Instance, graph?: Uint8Array, options: WriteOnnxOptions = {}): Promise<Uint8Array> {
  const caller = 'writeOnnx';
  checkInstance(caller, instance);
  const { architecture } = instance;
  const parsed = parseOptions(caller, instanceFromOnnxOptions, withReading(architecture, options));
  const file = graph ?? sourceOf(architecture)?.bytes;
  if (file === undefined) {
    throw new NetSpaceError('UNSUPPORTED', `${caller}: expected an architecture of an ONNX file, got ${architecture.name}; pass the bytes of a file with its graph`); // prettier-ignore
  }
  checkBytes(caller, file);
  if (parsed.externalData !== undefined) {
    throw new NetSpaceError('UNSUPPORTED', `${caller}: expected a model in one file, got external data; save it as one file first`);
  }
  const network = readNetwork(file, readingOptions(parsed));
  checkSameNetwork(caller, architecture, network);
  const ordered = tf.tidy(() => instance.parameters.map((tensor, i) => tf.clone(toTorchOrder(tensor, network.bindings[i]!.spec))));
  try {
    const values = await Promise.all(ordered.map(async (tensor) => Float32Array.from(await tensor.data())));
    const made = initializersOf(network.bindings, values, network.graph.initializers);
    const tensors = new Map([...made].map(([name, one]) => [name, tensorBytes(name, one.shape, one.values)]));
    const written = withInitializers(withInputs(file, network.graph.renamedInputs ?? new Map()), tensors);
    checkWritten(caller, readNetwork(written, readingOptions(parsed)), values);
    return written;
  } finally {
    tf.dispose(ordered);
  }
}

/** Reads what was written: a function of the file's own may call a weight by a name that no node of the graph has. */
function checkWritten(caller: string, { bindings, graph }: OnnxNetwork, values: readonly Float32Array[]): void {
  const wrong = bindings.find((binding, i) => {
    const read = valuesOf(binding, graph.initializers);
    return read.length !== values[i]?.length || read.some((value, at) => !(Math.abs(value - values[i]![at]!) <= 1e-6 * Math.abs(value)));
  });
  if (wrong === undefined && bindings.length === values.length) return;
  throw new NetSpaceError(
    'UNSUPPORTED',
    `${caller}: expected to read back what was written, got other values of ${wrong?.spec.name ?? 'all parameters'}; export the model without functions of its own (onnx.inliner.inline_local_functions)`,
  );
}
