import type { Architecture, ParameterSpec } from './architecture.js';
import { NetSpaceError } from './errors.js';

/**
 * An architecture with known parameters but without a function, such as one that was read from a file. Its networks can be packed and
 * unpacked, but cannot run.
 *
 * @param name unique among the architectures in use
 * @param parameters in the order of the PRep
 * @returns an architecture whose `apply` throws NetSpaceError `UNSUPPORTED`, with advice what to pass instead
 * @example
 * ```ts
 * import { parameterCount, unresolvedArchitecture } from '@netspace/prep';
 *
 * const linear = unresolvedArchitecture('linear', [{ name: 'weight', shape: [10, 5] }]);
 * console.log(linear.name, parameterCount(linear.parameters)); // linear 50
 * ```
 */
export function unresolvedArchitecture(name: string, parameters: readonly ParameterSpec[]): Architecture {
  const apply = (): never => {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `apply: expected an architecture that can run, got ${name}, of which only the parameters are known; pass the architecture itself where you load it (option 'architectures', or architectureByName of @netspace/zoo)`,
    );
  };
  return { name, parameters, apply };
}
