import type { Architecture, Instance } from '@netspace/prep';
import { extended, type GivenBy, parseOptions } from '@netspace/prep/internal';
import { findInstance, instanceFromTensorsOptions } from './instance-from-tensors.js';
import { readCheckpoint, readCheckpointOptions } from './read-checkpoint.js';

/** See {@link InstanceFromCheckpointOptions}. */
export const instanceFromCheckpointOptions = extended(instanceFromTensorsOptions, readCheckpointOptions.entries);

/** Options of {@link instanceFromCheckpoint}. */
export interface InstanceFromCheckpointOptions extends GivenBy<typeof instanceFromCheckpointOptions> {}

/**
 * A network from the bytes of a file: a PyTorch checkpoint of any version, or safetensors.
 *
 * {@link readCheckpoint} reads the file and {@link instanceFromRawTensors} finds the network in it. The documentation of these two says
 * which files are read, which are refused, and what the options do.
 *
 * @param architecture whose parameters to look for
 * @param bytes the whole file
 * @returns an instance with new tensors, which the caller frees with `disposeInstances([instance])`
 * @throws NetSpaceError as those two functions
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { instanceFromCheckpoint, writeSafetensors } from '@netspace/formats';
 * import { unresolvedArchitecture } from '@netspace/prep';
 *
 * const linear = unresolvedArchitecture('linear', [{ name: 'fc.weight', shape: [1, 2], tensorAxes: [1, 0] }]);
 * const bytes = writeSafetensors(new Map([['ema.fc.weight', { dtype: 'F32', shape: [1, 2], data: Float32Array.of(3, 4) }]])); // or a file's
 * const { parameters } = instanceFromCheckpoint(linear, bytes, { prefix: 'ema.' });
 * console.log(await parameters[0]!.array()); // [ [ 3 ], [ 4 ] ]
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
