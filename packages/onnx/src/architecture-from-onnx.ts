import { type Architecture, type NamedTensors, NetSpaceError, splitInputs, tensorShape } from '@netspace/prep';
import { addSymmetriesLazily, checkBytes, extended, functionOf, type GivenBy, limitsOf, listOf, objectOf, oneOf, optional, parseOptions, PURPOSES, text, withDefault } from '@netspace/prep/internal'; // prettier-ignore
import * as tf from '@tensorflow/tfjs-core';

import { budgetOf, ONNX_LIMITS } from './limits.js';
import { type OnnxNetwork, readNetwork, specOf } from './network.js';
import type { ExternalData } from './proto/read-tensor.js';
import { runNetwork } from './run/run-network.js';

/** Of {@link ArchitectureFromOnnxOptions}, those that say how a graph is read: a file that keeps the graph keeps them. */
export const graphReadingOptions = objectOf({
  /**
   * What its networks are for.
   * @default 'classifier' where images go in and two or more logits come out, otherwise 'other'
   */
  purpose: optional(oneOf(PURPOSES)),
  /**
   * The outputs of the graph to compute, or values within it, by name. `apply` gives the first.
   * @default all outputs of the graph
   */
  outputs: optional(listOf(text, 'a list of at least one name', 1)),
  /**
   * What `apply` gives where the graph ends in a softmax over classes: `logits`, the numbers before it, or `values`, exactly what the graph
   * gives. Losses and measures of classifiers want logits.
   * @default 'logits'
   */
  softmax: withDefault(oneOf(['logits', 'values']), 'logits'),
  /**
   * How images go in and come out: `channels-last`, `[batch, height, width, channels]` as everywhere in NetSpace, or `as-exported`.
   * @default 'channels-last'
   */
  layout: withDefault(oneOf(['channels-last', 'as-exported']), 'channels-last'),
  /**
   * Numbers of the file that are the same in all networks although they look like parameters, or may be ones, such as a mask: names, or patterns
   * in which `*` stands for any run of characters.
   * @default []
   */
  constants: withDefault(listOf(text, 'a list of names or patterns'), []),
  /**
   * Numbers of the file that training changes although they have lost their names, such as a learned scale: names or patterns.
   * @default []
   */
  parameters: withDefault(listOf(text, 'a list of names or patterns'), []),
});

/** See {@link ArchitectureFromOnnxOptions}. */
export const architectureFromOnnxOptions = extended(graphReadingOptions, {
  /**
   * What the architecture is called.
   * @default `onnx-` and a fingerprint of its graph, the same for equal graphs whatever their weights
   */
  name: optional(text),
  /**
   * Gives bytes of tensors that lie in other files, by their place.
   * @default files with external data are refused
   */
  externalData: optional(functionOf<ExternalData>()),
  /**
   * Raises or lowers single limits.
   * @default ONNX_LIMITS
   */
  limits: limitsOf(ONNX_LIMITS),
});

/** Options of {@link architectureFromOnnx}. */
export interface ArchitectureFromOnnxOptions extends GivenBy<typeof architectureFromOnnxOptions> {}

/**
 * The architecture of an ONNX file: its graph as one function, differentiable in its parameters and its inputs.
 *
 * Parameters are the initializers that training changes, by the names and in the shapes of PyTorch's state dict, so that
 * `instanceFromCheckpoint` reads `.pt` and `.safetensors` files of the same network. A batch norm is folded into the convolution or linear layer
 * before it, or kept as a weight and a bias per channel. Convolutions run channels-last. Nothing of the file is run as code.
 *
 * @param bytes the whole file
 * @returns an architecture whose name says what it computes; the values in the file are another call's, `instanceFromOnnx`
 * @throws NetSpaceError `UNSUPPORTED`, naming every node and operator that cannot run, or numbers of which the file does not say whether training
 *   changes them, or for external data; `CORRUPT_FILE` if it is no ONNX model; `LIMIT_EXCEEDED` for a file beyond {@link ONNX_LIMITS}; `INVALID_OPTION` for options that are unknown or wrong
 * @example
 * ```ts
 * import { architectureFromOnnx } from '@netspace/onnx';
 *
 * const file = // a linear layer; or the bytes of a file: new Uint8Array(await readFile('net.onnx'))
 *   'CAg6lgEKMwoBeAoJZmMud2VpZ2h0CgdmYy5iaWFzEgF5GgJmYyIER2VtbSoNCgZ0cmFuc0IYAaABAhIBZyobCAEIAhABIggAAEBA' +
 *   'AACAQEIJZmMud2VpZ2h0KhMIARABIgQAAKBAQgdmYy5iaWFzWhQKAXgSDwoNCAESCQoDEgFuCgIIAmIUCgF5Eg8KDQgBEgkKAxIB' +
 *   'bgoCCAFCBAoAEBE=';
 * const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
 * const { name, parameters } = architectureFromOnnx(bytes);
 * console.log(parameters.map((spec) => `${spec.name} [${spec.shape}]`)); // [ 'fc.weight [1,2]', 'fc.bias [1]' ]
 * ```
 * @see https://onnx.ai/onnx/operators for the operators
 */
export function architectureFromOnnx(bytes: Uint8Array, options: ArchitectureFromOnnxOptions = {}): Architecture {
  const caller = 'architectureFromOnnx';
  const { name, purpose, ...rest } = parseOptions(caller, architectureFromOnnxOptions, options);
  checkBytes(caller, bytes);
  const network = readNetwork(bytes, readingOptions(rest));
  const own = name ?? `onnx-${network.fingerprint}`;
  const architecture = { ...architectureOf(network, own, rest.limits), purpose: purpose ?? network.purpose };
  const { outputs, softmax, layout, constants, parameters } = rest;
  sources.set(architecture.parameters, { network, bytes, reading: { purpose, outputs, softmax, layout, constants, parameters } });
  return architecture;
}

type Reading = Omit<ReturnType<typeof parseOptions<typeof architectureFromOnnxOptions>>, 'name' | 'purpose'>;

/** Options as the reader takes them. */
export function readingOptions({ outputs, softmax, layout, constants, parameters, externalData, limits }: Reading) {
  return {
    ...{ budget: budgetOf(limits), externalData, outputs, softmax, layout },
    ...{ isConstant: fitsOneOf(constants), isParameter: fitsOneOf(parameters) },
  };
}

function fitsOneOf(patterns: readonly string[]): (name: string) => boolean {
  const whole = patterns.map((pattern) => new RegExp(`^${pattern.split('*').map((part) => part.replaceAll(/[.\\+?^${}()|[\]]/g, '\\$&')).join('.*')}$`)); // prettier-ignore
  return (name) => whole.some((pattern) => pattern.test(name));
}

/** What an architecture was made of. */
export interface OnnxSource {
  readonly network: OnnxNetwork;
  /** The whole file. */
  readonly bytes: Uint8Array;
  /** The options that say what is read of it. */
  readonly reading: Pick<ArchitectureFromOnnxOptions, 'purpose' | 'outputs' | 'softmax' | 'layout' | 'constants' | 'parameters'>;
}

/** By the parameters of architectures: they stay the same when somebody copies or renames an architecture. */
const sources = new WeakMap<Architecture['parameters'], OnnxSource>();

/** The source of an architecture that was made here. */
export const sourceOf = ({ parameters }: Pick<Architecture, 'parameters'>): OnnxSource | undefined => sources.get(parameters);

function architectureOf(network: OnnxNetwork, name: string, limits: typeof ONNX_LIMITS): Architecture {
  const specs = network.bindings.map(({ spec }) => spec);
  const run = runNetwork(network, name, budgetOf(limits));
  const inputs = network.inputs.map(specOf);
  const outputs = network.outputs.map(specOf);
  const check = (parameters: readonly tf.Tensor[]): void => checkParameters(name, specs, parameters);
  const architecture: Architecture = {
    name,
    parameters: specs,
    ...(network.batchNorms.length > 0 && { batchNorms: network.batchNorms }),
    inputs,
    outputs,
    apply(parameters, x) {
      check(parameters);
      if (inputs.length !== 1) {
        throw new NetSpaceError(
          'UNSUPPORTED',
          `${name}: expected a network of one input, got ${inputs.length} (${inputs.map((input) => input.name).join(', ')}); call applyNamed with all of them`,
        );
      }
      return tf.tidy(() => run(parameters, { [inputs[0]!.name]: x }, 1)[outputs[0]!.name]!);
    },
    applyNamed(parameters, given): NamedTensors {
      check(parameters);
      return tf.tidy(() => run(parameters, given, outputs.length)) as NamedTensors;
    },
  };
  if (inputs.length > 0) addSymmetriesLazily({ ...architecture, apply: allOutputs(architecture) }, batchShapes(network));
  return architecture;
}

/** What all outputs hold: a change that leaves the first as it is need not leave the others. Several inputs lie side by side. */
const allOutputs =
  (architecture: Architecture) =>
  (parameters: readonly tf.Tensor[], x: tf.Tensor): tf.Tensor => {
    const [input, ...more] = architecture.inputs!;
    const given = more.length === 0 ? { [input!.name]: x } : splitInputs(architecture, x);
    return Object.values(architecture.applyNamed!(parameters, given)) as never;
  };

/** Shapes of a batch of inputs, of several side by side; sizes that are left open are tried small first. */
function batchShapes({ inputs, fixedBatch }: OnnxNetwork): readonly (readonly number[])[] {
  const shapes = inputs.map((input) => specOf(input).shape.slice(1));
  const ofSize = (open: number): readonly number[] => {
    const sides = shapes.map((shape) => shape.map((side) => side ?? open));
    const rows = sides.length === 1 ? sides[0]! : [sides.reduce((sum, one) => sum + one.reduce((size, side) => size * side, 1), 0)];
    return [fixedBatch ?? 1, ...rows];
  };
  return shapes.flat().includes(null) ? [8, 32, 128].map(ofSize) : [ofSize(1)];
}

function checkParameters(name: string, specs: Architecture['parameters'], parameters: readonly tf.Tensor[]): void {
  if (parameters.length !== specs.length) {
    throw new NetSpaceError('SHAPE_MISMATCH', `${name}: expected ${specs.length} parameters, got ${parameters.length}; pass one per spec, in order`); // prettier-ignore
  }
  specs.forEach((spec, i) => {
    const [expected, got] = [tensorShape(spec), parameters[i]?.shape ?? []];
    if (tf.util.arraysEqual(expected, got)) return;
    throw new NetSpaceError('SHAPE_MISMATCH', `${name}: expected ${spec.name} as [${expected}], got [${got}]; use TensorFlow's axis order`);
  });
}
