import { NetSpaceError, packPReps, parameterCount, unpackPRep, type Architecture, type Instance } from '@netspace/prep';
import { unstack } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { sortedArchitectures } from './architectures.js';
import { resolveConfig, type ConfigOptions, type NetSpaceConfig } from './config.js';
import { decode, type Decoded } from './decoder/decoder.js';
import { encode, type EncodeOptions } from './encoder/encoder.js';
import { loadNetSpace, type LoadOptions } from './files/load.js';
import type { NamedTensors } from './files/named-tensors.js';
import {
  denormalize,
  isInstances,
  makeNormalization,
  normalize as normalized,
  startingFrom,
  type Normalization,
} from './units/normalization.js';
import { saveNetSpace, type SaveOptions } from './files/save.js';
import { createVariables, variablesUnder } from './variables.js';
import { withoutTape } from './layers/without-tape.js';

export interface NetSpaceOptions extends Omit<ConfigOptions, 'classes'> {
  /** The family of networks; with more than one, the decoder gets a class head. */
  readonly architectures: readonly Architecture[];
  /**
   * With `scaleBias: 'instance'`: the trained network that every embedding decodes to at first; with `normalize` one of each architecture may
   * be given, in any order, and each embedding decodes to that of its ClassId.
   */
  readonly instance?: Instance | readonly Instance[];
  /**
   * Measures weights in units of their architecture's own spread over these networks, about its mean, on both sides of the space: the
   * instances that it is trained on, of every architecture, or the units of another space. Small weights then count as much as large ones.
   */
  readonly normalize?: readonly Instance[] | Normalization;
  /** Seed of the weights' initial values. */
  readonly seed?: number;
  /** Start from these weights instead of random ones; named as {@link NetSpace.variables}. */
  readonly weights?: NamedTensors;
}

/** Which architecture each network of a batch is of. */
export interface ClassIdOptions {
  readonly classIds?: readonly number[] | undefined;
}

/** A network read off an embedding. */
export type PredictedInstance = Instance & { readonly classId: number };

/**
 * A learned space of networks: encodes instances into vectors and decodes vectors into instances that run.
 *
 * Holds the weights as tf.Variables; the mathematics are `encode` and `decode`. Training it is `trainNetSpace` of
 * `@netspace/node`, or any optimizer on `variables`.
 *
 * @throws NetSpaceError `INVALID_OPTION` for sizes that do not divide (see `resolveConfig`), no or twice the same architecture,
 *   or `scaleBias: 'instance'` without an instance, several of them without `normalize`, or an architecture of which `normalize` or a list of
 *   instances to start from has none; `SHAPE_MISMATCH` if an architecture
 *   does not fit the PRep
 * @see Berardi, De Luigi, Salti, Di Stefano, "Learning the Space of Deep Models", ICPR 2022
 */
export class NetSpace {
  /** Sorted by parameter count: an architecture's index is its ClassId. */
  readonly architectures: readonly Architecture[];
  readonly config: NetSpaceConfig;
  /** `encoder/conv1.0.weight` … `decoder/scalelayer.bias`, in a fixed order; TensorFlow's axis order. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** What `normalize` measured; not trained. */
  readonly normalization: Normalization | undefined;
  readonly #encoder: NamedTensors;
  readonly #decoder: NamedTensors;

  constructor({ architectures, instance, normalize, seed = 0, weights, ...sizes }: NetSpaceOptions) {
    this.config = resolveConfig({ ...sizes, classes: Math.max(1, architectures.length) });
    this.architectures = sortedArchitectures('NetSpace', architectures, this.config.prepShape);
    if (this.config.scaleBias === 'instance' && instance === undefined && weights === undefined) {
      throw new NetSpaceError('INVALID_OPTION', "NetSpace: expected an instance with scaleBias 'instance', got none; pass a trained one");
    }
    this.normalization = normalize && this.#units(normalize, instance);
    this.variables = tf.tidy(() => {
      const prep = instance && this.#scaleLayerBias(instance);
      return createVariables('NetSpace', this.config, { seed, weights, prep });
    });
    this.#encoder = variablesUnder('encoder/', this.variables);
    this.#decoder = variablesUnder('decoder/', this.variables);
  }

  /**
   * Encodes instances, or their PReps. Rows of padding cost next to nothing: of instances they are known, of PReps
   * `usedRows` tells.
   *
   * @param targets instances of the space's architectures, or PReps `[B, H, W]`
   * @param options with PReps: `usedRows`, how many rows, for all or for each, are not padding (see `encode`); `classIds`, the architecture
   *   of each, which a space that normalizes several has to know
   * @returns embeddings `[B, E]`
   * @throws NetSpaceError `SHAPE_MISMATCH` if PReps have another shape than the space's or an instance does not fit, or there is not one
   *   ClassId per PRep; `INVALID_OPTION` if a count of used rows or a ClassId is impossible, or ClassIds are needed and missing; `NOT_FOUND`
   *   if a space that normalizes does not know an instance's architecture
   */
  encode(
    targets: readonly Instance[] | tf.Tensor3D,
    { usedRows, classIds }: Pick<EncodeOptions, 'usedRows'> & ClassIdOptions = {},
  ): tf.Tensor2D {
    const [height, width] = this.config.prepShape;
    if (targets instanceof tf.Tensor) {
      if (targets.rank !== 3 || targets.shape[1] !== height || targets.shape[2] !== width) {
        throw new NetSpaceError('SHAPE_MISMATCH', `NetSpace.encode: expected PReps as [B, ${height}, ${width}], got [${targets.shape}]`);
      }
      this.#checkClassIds('encode', targets.shape[0], classIds);
      return tf.tidy(() => encode(this.#encoder, this.#normalized(targets, classIds), this.config, { usedRows }));
    }
    const used = targets.map(({ architecture }) => Math.ceil(parameterCount(architecture.parameters) / width));
    return tf.tidy(() => encode(this.#encoder, this.#packed(targets), this.config, { usedRows: used }));
  }

  /**
   * Decodes embeddings into PReps and ClassId logits; see `decode`.
   *
   * @param embeddings `[B, E]`
   * @param options `classIds`: in whose units a space that normalizes gives each PRep; left out, in those of what the class head says
   * @throws NetSpaceError `SHAPE_MISMATCH` if the embeddings are no `[B, E]` or there is not one ClassId per embedding, `INVALID_OPTION` for
   *   an unknown ClassId
   */
  decode(embeddings: tf.Tensor2D, { classIds }: ClassIdOptions = {}): Decoded {
    this.#checkClassIds('decode', embeddings.shape[0], classIds);
    const { normalization } = this;
    if (normalization === undefined) return decode(this.#decoder, embeddings, this.config);
    return tf.tidy(() => {
      const { preps, classLogits } = decode(this.#decoder, embeddings, this.config);
      const ids = classIds ?? (classLogits === undefined ? [] : withoutTape(() => tf.argMax<tf.Tensor1D>(classLogits, 1)));
      return { preps: denormalize(preps, ids, normalization), classLogits };
    });
  }

  /**
   * Decodes embeddings into networks that run. The parameters are differentiable in the embeddings and the weights.
   *
   * @param embeddings `[B, E]`
   * @param options `classIds`: which architecture each becomes; left out, the class head decides, which reads B numbers back to
   *   the host
   * @returns B instances, whose parameters the caller disposes of
   * @throws NetSpaceError `SHAPE_MISMATCH` if there is not one ClassId per embedding, `INVALID_OPTION` for an unknown ClassId
   */
  instantiate(embeddings: tf.Tensor2D, { classIds }: ClassIdOptions = {}): readonly PredictedInstance[] {
    const count = embeddings.shape[0];
    this.#checkClassIds('instantiate', count, classIds);
    let ids = classIds ?? Array<number>(count).fill(0);
    const parameters = tf.tidy(() => {
      const { preps, classLogits } = this.decode(embeddings, { classIds });
      if (classIds === undefined && classLogits !== undefined) ids = [...tf.argMax(classLogits, 1).dataSync()]; // which network to build is the host's business
      return unstack(preps).map((prep, i) => unpackPRep(prep as tf.Tensor2D, this.architectures[ids[i]!]!));
    });
    return parameters.map((tensors, i) => ({ architecture: this.architectures[ids[i]!]!, parameters: tensors, classId: ids[i]! }));
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
      `NetSpace.classIdOf: expected one of ${this.architectures.map((known) => known.name).join(', ')}, got ${name}`,
    );
  }

  /**
   * Writes config, architectures' parameter specs and weights through a tf.io handler, bit-exactly unless told otherwise.
   *
   * @param target a URL such as `indexeddb://digits` or `file://digits`, or a handler
   * @param options `dtype`: `float16` halves the file and rounds each weight to 11 bits, at most 65,504; {@link load} gives float32 again
   * @throws NetSpaceError `UNAVAILABLE` if no handler is registered for the URL, telling what to import, `INVALID_OPTION` for
   *   another dtype
   */
  save(target: string | tf.io.IOHandler, options: SaveOptions = {}): Promise<tf.io.SaveResult> {
    return saveNetSpace(this, target, options);
  }

  /**
   * Reads a space that {@link save} wrote.
   *
   * @param source a URL such as `https://host/digits/model.json`, or a handler
   * @param options `architectures`: by list or by name; without them the space encodes and decodes, but its
   *   instances cannot run
   * @throws NetSpaceError `UNAVAILABLE` if no handler is registered for the URL, `CORRUPT_FILE` if the file is no such space or
   *   contradicts itself, `LIMIT_EXCEEDED` if it is larger than allowed, `NOT_FOUND` if the list lacks an architecture,
   *   `SHAPE_MISMATCH` if an architecture given has other parameters than the saved one
   */
  static async load(source: string | tf.io.IOHandler, options: LoadOptions = {}): Promise<NetSpace> {
    const { weights, normalization, ...rest } = await loadNetSpace(source, options);
    try {
      return new NetSpace({ ...rest, weights, ...(normalization && { normalize: normalization }) });
    } finally {
      tf.dispose(weights); // the normalization is among them
    }
  }

  /** Frees the weights. */
  dispose(): void {
    tf.dispose(Object.values(this.variables));
    tf.dispose({ ...this.normalization });
  }

  #normalized(preps: tf.Tensor3D, classIds: readonly number[] | undefined): tf.Tensor3D {
    if (this.normalization === undefined) return preps;
    if (classIds === undefined && this.architectures.length > 1) {
      throw new NetSpaceError(
        'INVALID_OPTION',
        `NetSpace.encode: expected classIds with PReps, got none; in a space of ${this.architectures.length} architectures with normalize each has units of its own`,
      );
    }
    return normalized(preps, classIds ?? [], this.normalization);
  }

  #units(normalize: readonly Instance[] | Normalization, instance: NetSpaceOptions['instance']): Normalization {
    const { architectures } = this;
    const { prepShape, scaleBias } = this.config;
    const units = makeNormalization(normalize, architectures, prepShape);
    if (scaleBias !== 'instance' || instance === undefined || !isInstances(instance)) return units;
    return startingFrom(units, instance, architectures, prepShape);
  }

  /** `[H, W]`: nought where each architecture starts from its own network; else the one network, in the decoder's units. */
  #scaleLayerBias(instance: Instance | readonly Instance[]): tf.Tensor2D {
    const { prepShape } = this.config;
    if (!isInstances(instance)) {
      const preps = packPReps([instance], prepShape);
      if (this.normalization === undefined) return tf.squeeze(preps, [0]);
      const { mean, deviation, start = mean } = this.normalization;
      return tf.squeeze(normalized(preps, [this.classIdOf(instance)], { mean: start, deviation }), [0]);
    }
    if (this.normalization !== undefined) return tf.zeros([...prepShape]);
    throw new NetSpaceError(
      'INVALID_OPTION',
      "NetSpace: expected normalize with a list of instances to start from, got none; without it all architectures share the scale layer's bias",
    );
  }

  /** `[B, H, W]`, in the encoder's units. */
  #packed(instances: readonly Instance[]): tf.Tensor3D {
    const classIds = this.normalization && instances.map((instance) => this.classIdOf(instance));
    return this.#normalized(packPReps(instances, this.config.prepShape), classIds);
  }

  #checkClassIds(method: string, count: number, classIds: readonly number[] | undefined): void {
    if (classIds === undefined) return;
    if (classIds.length !== count) {
      throw new NetSpaceError(
        'SHAPE_MISMATCH',
        `NetSpace.${method}: expected one ClassId for each of ${count} networks, got ${classIds.length}`,
      );
    }
    const unknown = classIds.find((id) => this.architectures[id] === undefined);
    if (unknown === undefined) return;
    throw new NetSpaceError('INVALID_OPTION', `NetSpace.${method}: expected a ClassId below ${this.architectures.length}, got ${unknown}`);
  }
}
