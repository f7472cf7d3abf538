import type { Architecture, Instance } from '@netspace/prep';
import { findInstance, type InstanceFromTensorsOptions } from './instance-from-tensors.js';
import { readCheckpoint, type ReadCheckpointOptions } from './read-checkpoint.js';

export interface InstanceFromCheckpointOptions extends InstanceFromTensorsOptions, ReadCheckpointOptions {}

/**
 * A network from a file's bytes: a PyTorch checkpoint of any age, or safetensors.
 *
 * The file is read with {@link readCheckpoint}, the network found in it with {@link instanceFromRawTensors}: see there what is read, what
 * is refused, and what the options do.
 *
 * @returns an instance with new tensors, which the caller owns
 * @throws NetSpaceError as those two
 * @example
 * ```ts
 * import { instanceFromCheckpoint } from '@netspace/formats';
 * import type { Architecture } from '@netspace/prep';
 *
 * const load = async (architecture: Architecture, url: string) =>
 *   instanceFromCheckpoint(architecture, new Uint8Array(await (await fetch(url)).arrayBuffer()), { prefix: 'ema.' });
 * ```
 */
export const instanceFromCheckpoint = <Name extends string>(
  architecture: Architecture<Name>,
  bytes: Uint8Array,
  options: InstanceFromCheckpointOptions = {},
): Instance<Name> => findInstance('instanceFromCheckpoint', architecture, readCheckpoint(bytes, options), options);
