import type { Architecture, Instance } from '@netspace/prep';
import { extended, type GivenBy, parseOptions } from '@netspace/prep/internal';
import { findInstance, instanceFromTensorsOptions } from './instance-from-tensors.js';
import { readCheckpoint, readCheckpointOptions } from './read-checkpoint.js';

/** See {@link InstanceFromCheckpointOptions}. */
export const instanceFromCheckpointOptions = extended(instanceFromTensorsOptions, readCheckpointOptions.entries);

/** Options of {@link instanceFromCheckpoint}. */
export interface InstanceFromCheckpointOptions extends GivenBy<typeof instanceFromCheckpointOptions> {}

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
export function instanceFromCheckpoint<Name extends string>(
  architecture: Architecture<Name>,
  bytes: Uint8Array,
  options: InstanceFromCheckpointOptions = {},
): Instance<Name> {
  const { limits, ...used } = parseOptions('instanceFromCheckpoint', instanceFromCheckpointOptions, options);
  return findInstance('instanceFromCheckpoint', architecture, readCheckpoint(bytes, { limits }), used);
}
