import type { NetSpace, NetSpaceConfig, StartedFrom } from '@netspace/model';
import type { Dataset } from '@netspace/zoo';
import { isTensorDataset, sha256 } from '@netspace/zoo/internal';
import type * as tf from '@tensorflow/tfjs-core';

/** The images that a run learned from and the architectures that its space knows, as JSON. */
export interface DataDescription {
  readonly architectures: readonly string[];
  /** SHA-256 of inputs, labels and targets; null for a task without data. */
  readonly data: string | null;
}

/** Describes the data that a run learns from; reads every input once. */
export async function describeData({ architectures }: NetSpace, dataset: Dataset | undefined): Promise<DataDescription> {
  const names = architectures.map(({ name }) => name);
  if (dataset === undefined) return { architectures: names, data: null };
  const { labels } = dataset;
  const parts = isTensorDataset(dataset) ? [dataset.inputs, labels, dataset.targets] : [dataset.images, labels];
  const hashes = await Promise.all(parts.filter((part) => part !== undefined).map(({ buffer, byteOffset, byteLength }) => sha256(new Uint8Array(buffer, byteOffset, byteLength)))); // prettier-ignore
  const inputs = isTensorDataset(dataset) && dataset.parts !== undefined ? [JSON.stringify(dataset.parts)] : []; // what the numbers of a row are
  return { architectures: names, data: await sha256(new TextEncoder().encode([...hashes, ...inputs].join())) };
}

/** Everything about a space except its weights, as JSON. In another space the weights of a checkpoint would have another meaning. */
export interface SpaceDescription {
  readonly space: NetSpaceConfig & { readonly startedFrom: StartedFrom };
  /** SHA-256 of the units; null if the space has no units. */
  readonly units: string | null;
}

/** Describes a space; reads its units back from the device. */
export async function describeSpace({ config, startedFrom, normalization }: NetSpace): Promise<SpaceDescription> {
  const units = normalization && [normalization.mean, normalization.deviation, normalization.start];
  return { space: { ...config, startedFrom }, units: units === undefined ? null : await hashOf(units) };
}

async function hashOf(tensors: readonly (tf.Tensor | undefined)[]): Promise<string> {
  const hashes = await Promise.all(
    tensors.map(async (tensor) => (tensor === undefined ? 'none' : sha256(bytesOf(await tensor.data<'float32'>())))),
  );
  return sha256(new TextEncoder().encode(hashes.join()));
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);

/**
 * The description of a run in a checkpoint of earlier versions. It has `scaleBias` in place of `startedFrom`, which tells less, and no
 * units, architectures and data. Only the settings in such a checkpoint are compared.
 */
export function inFormOf(checkpoint: unknown, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const config = tellsData(checkpoint) ? given : withoutData(given);
  if (!isFormer(checkpoint) || config['space'] === undefined) return config;
  const { space, units: _, ...rest } = config as unknown as SpaceDescription;
  const { startedFrom, ...sizes } = space;
  return { ...rest, space: { ...sizes, scaleBias: startedFrom === 'random' ? 'paper' : 'instance' } };
}

const tellsData = (config: unknown): boolean => typeof config === 'object' && config !== null && 'data' in config;

function withoutData(config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { architectures: _, data: __, ...rest } = config;
  return rest;
}

const isFormer = (config: unknown): boolean =>
  typeof config === 'object' &&
  config !== null &&
  'space' in config &&
  typeof config.space === 'object' &&
  config.space !== null &&
  'scaleBias' in config.space;
