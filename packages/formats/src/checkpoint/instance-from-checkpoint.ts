import type { Architecture, Instance } from '@netspace/prep';
import { findInstance, type InstanceFromTensorsOptions } from './instance-from-tensors.js';
import { readCheckpoint, type ReadCheckpointOptions } from './read-checkpoint.js';

/** Options of {@link instanceFromCheckpoint}. */
export interface InstanceFromCheckpointOptions extends InstanceFromTensorsOptions, ReadCheckpointOptions {}

/**
 * A network from a file's bytes: a PyTorch checkpoint of any age, or safetensors.
 *
 * {@link readCheckpoint} reads the file and {@link instanceFromRawTensors} finds the network in it. Their pages say which files are read,
 * which are refused, and what the options do.
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
export const instanceFromCheckpoint = <Name extends string>(
  architecture: Architecture<Name>,
  bytes: Uint8Array,
  options: InstanceFromCheckpointOptions = {},
): Instance<Name> => findInstance('instanceFromCheckpoint', architecture, readCheckpoint(bytes, options), options);
