import type { Architecture, ParameterSpec } from './architecture.js';
import { NetSpaceError } from './errors.js';

/**
 * An architecture of which only the parameters are known, such as one read from a file: packs and unpacks, but cannot run.
 *
 * @returns an architecture whose `apply` throws NetSpaceError `UNSUPPORTED`, telling what to pass instead
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
