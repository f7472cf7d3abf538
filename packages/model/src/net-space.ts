import { NetSpaceError, packPReps, unpackPRep, type Architecture, type Instance, type PRepBatch } from '@netspace/prep';
import { checkAlive, checkFiniteTensors, checkInstances, guardOf, namedParameters, type NamedTensor, packInstances, parseOptions, unstack, usedRowsOf } from '@netspace/prep/internal'; // prettier-ignore
import * as tf from '@tensorflow/tfjs-core';

import { sortedArchitectures } from './architectures.js';
import { checkBatch, checkClassIds } from './check-batch.js';
import { checkEmbeddings, checkKept } from './check-embeddings.js';
import { completeConfig, type NetSpaceConfig } from './config.js';
import { decode, type Decoded } from './decoder/decoder.js';
import { checkDirections, makeDirections, moveAlong } from './decoder/directions.js';
import { encodeRows } from './encoder/encoder.js';
import { loadNetSpace, type LoadOptions } from './files/load.js';
import { saveNetSpace, type SaveOptions } from './files/save.js';
import { withoutTape } from './layers/without-tape.js';
import { decodeOptions, netSpaceOptions, type DecodeOptions, type NetSpaceOptions } from './net-space-options.js';
import { checkStart, refuseFormer, type StartedFrom } from './start.js';
import { startingPRep } from './starting-prep.js';
import { denormalize, makeNormalization, normalize } from './units/normalization.js';
import type { Normalization } from './units/units.js';
import type { NamedTensors } from './weights/named-tensors.js';
import { checkWeightCount, createVariables, variablesUnder } from './weights/variables.js';

/** A network that was decoded from an embedding, with the ClassId of its architecture. */
export type PredictedInstance = Instance & { readonly classId: number };

/**
 * A learned space of networks: encodes instances into vectors and decodes vectors into instances that run.
 *
 * It holds the weights as tf.Variables; the functions `encode` and `decode` compute with them. Train it with `trainNetSpace` of
 * `@netspace/train`, or with any optimizer on `variables`. The caller frees it with {@link NetSpace.dispose}.
 *
 * @throws NetSpaceError `INVALID_OPTION` for sizes that do not divide (see `resolveConfig`), no architecture or the same one twice, a start
 * or units that are incomplete or contradict each other, or an architecture of which `units.of` or `start.instances` has no instance, or directions without units;
 * `SHAPE_MISMATCH` if an architecture does not fit the PRep; `LIMIT_EXCEEDED` for too many weights or directions; as `packPReps` for instances
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { NetSpace } from '@netspace/model';
 * import { disposeInstances } from '@netspace/prep';
 * import { initialize, lenetLike } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ channels: 1, size: 28, width: 0.25 });
 * const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) }; // or a trained one
 * const space = new NetSpace({
 *   architectures: [architecture],
 *   prepShape: [8, 512],
 *   preset: 'tiny',
 *   start: { from: 'instance', instance },
 * });
 * const embedding = space.encode([instance]);
 * const networks = await space.instantiate(embedding);
 * console.log(embedding.shape, networks[0]!.architecture.name); // [ 1, 64 ] lenet-like-1x28x28-10-w0.25
 * disposeInstances([...networks, instance]);
 * embedding.dispose();
 * space.dispose();
 * ```
 * @see Berardi, De Luigi, Salti, Di Stefano, "Learning the Space of Deep Models", ICPR 2022
 */
export class NetSpace {
  /** Sorted by parameter count: an architecture's index is its ClassId. */
  readonly architectures: readonly Architecture[];
  /** All its sizes. */
  readonly config: NetSpaceConfig;
  /** The weights by name: `encoder/conv1.0.weight` … `decoder/scalelayer.bias`, in a fixed order; TensorFlow's axis order. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** How its weights started before training. */
  readonly startedFrom: StartedFrom;
  /** The units in which it measures the weights of networks. They are not trained. Undefined if it takes the weights as they are. */
  readonly normalization: Normalization | undefined;
  readonly #encoder: NamedTensors;
  readonly #decoder: NamedTensors;
  /** `[E, P]`, scaled; see `config.directions`. */
  readonly #directions: tf.Tensor2D | undefined;

  constructor(options: NetSpaceOptions) {
    refuseFormer(options);
    const { architectures, seed, start = { from: 'random' }, units, ...sizes } = parseOptions('NetSpace', netSpaceOptions, options);
    checkStart({ start, units });
    const { length } = architectures;
    if (sizes.classes !== undefined && sizes.classes !== length) {
      throw new NetSpaceError(
        'INVALID_OPTION',
        `NetSpace: expected classes to be ${length}, one for each architecture, got ${sizes.classes}; leave it out`,
      );
    }
    this.config = completeConfig('NetSpace', { ...sizes, classes: Math.max(1, length) });
    checkWeightCount('NetSpace', this.config);
    this.architectures = sortedArchitectures('NetSpace', architectures, this.config.prepShape);
    checkDirections(this.config, this.architectures, units);
    this.startedFrom = start.from === 'weights' ? (start.startedFrom ?? 'random') : start.from;
    this.normalization = units && makeNormalization(units, start, this.architectures, this.config.prepShape);
    this.#directions = undefined;
    try {
      this.#directions = makeDirections(this.config, this.architectures);
      this.variables = tf.tidy(() => {
        const weights = start.from === 'weights' ? start.weights : undefined;
        return createVariables('NetSpace', this.config, { seed, weights, prep: startingPRep(this, start) });
      });
    } catch (error) {
      tf.dispose({ ...this.normalization });
      this.#directions?.dispose();
      throw error;
    }
    this.#encoder = variablesUnder('encoder/', this.variables);
    this.#decoder = variablesUnder('decoder/', this.variables);
  }

  /**
   * Packs instances into one batch of PReps of the space's shape, with their ClassIds and used rows.
   *
   * @returns a batch whose `preps`, `[B, H, W]`, the caller disposes of
   * @throws NetSpaceError as `packBatch`: `NOT_FOUND` if the space does not know an instance's architecture
   */
  pack(instances: readonly Instance[]): PRepBatch {
    return packInstances(instances, { shape: this.config.prepShape, architectures: this.architectures });
  }

  /**
   * Encodes instances, or a batch of their PReps. Rows of padding cost next to nothing and get no gradient.
   *
   * Weights that are NaN or infinite are refused. This costs training nothing, because inside a gradient nothing is checked. On WebGPU and
   * WebGL a check would wait for the device; there such weights give an embedding of NaN, which {@link instantiate} refuses.
   *
   * @param targets instances of the space's architectures, or a batch as {@link pack} makes it
   * @returns embeddings `[B, E]`, which the caller disposes of
   * @throws NetSpaceError `SHAPE_MISMATCH` if PReps have another shape than the space's or an instance does not fit, or there is not one
   * ClassId per PRep; `INVALID_OPTION` for weights that are NaN or infinite, naming parameter and place, and for PReps without ClassIds and
   * used rows, or impossible ones; `NOT_FOUND` if the space does not know an instance's architecture
   */
  encode(targets: readonly Instance[] | PRepBatch): tf.Tensor2D {
    const { prepShape } = this.config;
    checkKept(this, 'encode');
    if (typeof targets === 'object' && 'preps' in targets) {
      checkAlive('NetSpace.encode', [targets.preps], () => 'PReps');
      checkBatch(this, targets);
      const { preps, classIds, usedRows } = targets;
      return this.#encode(preps, classIds, usedRows, () => [['the PReps', preps]]);
    }
    if (targets instanceof tf.Tensor) {
      throw new NetSpaceError(
        'INVALID_OPTION',
        'NetSpace.encode: expected instances or a batch { preps, classIds, usedRows }, got a tensor; space.pack(instances) makes a batch',
      );
    }
    checkInstances('NetSpace.encode', targets);
    const classIds = targets.map((instance) => this.classIdOf(instance));
    const usedRows = targets.map(({ architecture }) => usedRowsOf(architecture, prepShape));
    return tf.tidy(() => this.#encode(packPReps(targets, prepShape), classIds, usedRows, () => namedParameters(targets)));
  }

  /**
   * Decodes embeddings into PReps and ClassId logits; see `decode`.
   *
   * @param embeddings `[B, E]`
   * @param options `classIds`: the architecture of each PRep. A space with units needs it to choose the units; without `classIds` it takes
   *   the class head's most probable architecture.
   * @returns PReps `[B, H, W]` and ClassId logits `[B, A]`, which the caller disposes of
   * @throws NetSpaceError `SHAPE_MISMATCH` if the embeddings are no `[B, E]`, are none, or there is not one ClassId per embedding,
   * `INVALID_OPTION` for an unknown ClassId, and for embeddings that are NaN or infinite where {@link encode} refuses such weights
   */
  decode(embeddings: tf.Tensor2D, options: DecodeOptions = {}): Decoded {
    const { classIds } = parseOptions('NetSpace.decode', decodeOptions, options);
    checkEmbeddings(this, 'decode', embeddings);
    checkClassIds('decode', this.architectures, embeddings.shape[0], classIds);
    return this.#decode(embeddings, classIds);
  }

  #decode(embeddings: tf.Tensor2D, classIds: readonly number[] | undefined): Decoded {
    const { normalization } = this;
    if (normalization === undefined) return decode(this.#decoder, embeddings, this.config);
    return tf.tidy(() => {
      const { preps, classLogits } = decode(this.#decoder, embeddings, this.config);
      const ids = classIds ?? (classLogits === undefined ? [] : withoutTape(() => tf.argMax<tf.Tensor1D>(classLogits, 1)));
      const moved = this.#directions === undefined ? preps : moveAlong(preps, embeddings, this.#directions);
      return { preps: denormalize(moved, ids, normalization), classLogits };
    });
  }

  /**
   * Decodes embeddings into networks that run, each of the class head's most probable architecture.
   *
   * B + 1 numbers are read back to the host, asynchronously. For gradients, and inside `tf.tidy`, use {@link instantiateAs}.
   *
   * @param embeddings `[B, E]`
   * @param options `classIds`: the architectures to decode as, in place of the class head's
   * @returns B instances; the caller frees them with `disposeInstances`
   * @throws NetSpaceError `SHAPE_MISMATCH` if the embeddings are no `[B, E]`, are none, or there is not one ClassId per embedding,
   * `INVALID_OPTION` for an unknown ClassId, and for embeddings that are NaN or infinite, naming the place
   */
  async instantiate(embeddings: tf.Tensor2D, options: DecodeOptions = {}): Promise<readonly PredictedInstance[]> {
    const { classIds } = parseOptions('NetSpace.instantiate', decodeOptions, options);
    checkEmbeddings(this, 'instantiate', embeddings, { look: false });
    await checkFiniteTensors('NetSpace.instantiate', [['the embeddings', embeddings]]);
    if (classIds !== undefined) return this.#instantiateAs(embeddings, classIds);
    if (this.architectures.length === 1) return this.#instantiateAs(embeddings, Array<number>(embeddings.shape[0]).fill(0));
    const { preps, ids } = tf.tidy(() => {
      const decoded = this.#decode(embeddings, undefined);
      return { preps: decoded.preps, ids: tf.argMax(decoded.classLogits!, 1) };
    });
    try {
      return this.#instances([...(await ids.data())], () => preps); // which network to build is the host's business
    } finally {
      tf.dispose([preps, ids]);
    }
  }

  /**
   * Decodes embeddings into networks of given architectures, synchronously. Nothing is read back from a device. The parameters are
   * differentiable in the embeddings and in the space's variables.
   *
   * @param embeddings `[B, E]`
   * @param classIds B ClassIds
   * @returns B instances; the caller frees them with `disposeInstances`
   * @throws NetSpaceError as {@link instantiate}
   */
  instantiateAs(embeddings: tf.Tensor2D, classIds: readonly number[]): readonly PredictedInstance[] {
    checkEmbeddings(this, 'instantiateAs', embeddings);
    return this.#instantiateAs(embeddings, classIds);
  }

  #instantiateAs(embeddings: tf.Tensor2D, classIds: readonly number[]): readonly PredictedInstance[] {
    checkClassIds('instantiate', this.architectures, embeddings.shape[0], classIds);
    return this.#instances(classIds, () => this.#decode(embeddings, classIds).preps);
  }

  /**
   * The ClassId of an instance's architecture, or of an architecture by name.
   *
   * @throws NetSpaceError `NOT_FOUND` if the space does not know the architecture
   */
  classIdOf(instance: Instance | string): number {
    const name = typeof instance === 'string' ? instance : instance.architecture.name;
    const classId = this.architectures.findIndex((architecture) => architecture.name === name);
    if (classId >= 0) return classId;
    throw new NetSpaceError(
      'NOT_FOUND',
      `NetSpace: expected an architecture that the space knows (${this.architectures.map((known) => known.name).join(', ')}), got ${name}; a space knows only the architectures that it was made with; make a space with ${name} too, or use networks of these architectures`,
    );
  }

  /**
   * Writes config, architectures' parameter specs and weights through a tf.io handler, bit-exactly as float32 by default.
   *
   * @param target a URL such as `indexeddb://digits` or `file://digits`, or a handler
   * @param options `dtype`: `float16` halves the file and rounds each weight to 11 bits, at most 65,504; {@link load} gives float32
   * @throws NetSpaceError `UNAVAILABLE` if no handler is registered for the URL, telling what to import, `INVALID_OPTION` for
   *   another dtype
   */
  async save(target: string | tf.io.IOHandler, options: SaveOptions = {}): Promise<tf.io.SaveResult> {
    checkKept(this, 'save');
    return saveNetSpace(this, target, options);
  }

  /**
   * Reads a space that {@link save} wrote.
   *
   * @param source the address of the folder, such as `https://host/digits`, `file://digits` or, in a page, `/digits`; `indexeddb://digits`;
   *   or a handler
   * @param options `architectures`: by list or by name; without them the space encodes and decodes, but its
   *   instances cannot run
   * @throws NetSpaceError `UNAVAILABLE` if no handler is registered for the URL, `CORRUPT_FILE` if the file is no such space or
   *   contradicts itself, `LIMIT_EXCEEDED` if it is larger than allowed, `NOT_FOUND` if the list lacks an architecture,
   *   `SHAPE_MISMATCH` if an architecture given has other parameters than the saved one
   */
  static async load(source: string | tf.io.IOHandler, options: LoadOptions = {}): Promise<NetSpace> {
    const { config, architectures, startedFrom, weights, normalization } = await loadNetSpace(source, options);
    try {
      return new NetSpace({ ...config, architectures, start: { from: 'weights', weights, startedFrom }, units: normalization });
    } finally {
      tf.dispose(weights); // the normalization is among them
    }
  }

  /** Frees the weights, the units and the directions. */
  dispose(): void {
    tf.dispose(Object.values(this.variables));
    tf.dispose({ ...this.normalization });
    this.#directions?.dispose();
  }

  #encode(preps: tf.Tensor3D, classIds: readonly number[], usedRows: readonly number[], named: () => readonly NamedTensor[]): tf.Tensor2D {
    return tf.tidy(() => {
      const guard = guardOf('NetSpace.encode', preps, named); // [B]
      const embeddings = encodeRows(this.#encoder, this.#normalized(preps, classIds), this.config, usedRows);
      return guard === undefined ? embeddings : tf.add(embeddings, tf.expandDims(guard, 1));
    });
  }

  /** `[B, H, W]`, in the encoder's units. */
  #normalized(preps: tf.Tensor3D, classIds: readonly number[]): tf.Tensor3D {
    return this.normalization === undefined ? preps : normalize(preps, classIds, this.normalization);
  }

  #instances(classIds: readonly number[], preps: () => tf.Tensor3D): readonly PredictedInstance[] {
    const architectures = classIds.map((id) => this.architectures[id]!);
    const parameters = tf.tidy(() => unstack(preps()).map((prep, i) => unpackPRep(prep as tf.Tensor2D, architectures[i]!)));
    return parameters.map((tensors, i) => ({ architecture: architectures[i]!, parameters: tensors, classId: classIds[i]! }));
  }
}
