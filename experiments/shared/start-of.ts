import type { StartOptions } from '@netspace/model';
import type { Instance } from '@netspace/prep';

/** How a config says that a space starts and in which units it sees weights. */
export interface StartConfig {
  /** What every embedding decodes to at first: as the paper's does, or one network. */
  readonly start: 'random' | 'instance';
  /** Whether weights are measured in units of the zoo's own spread. */
  readonly units: 'none' | 'zoo';
}

/** The options of a space for a config. */
export const startOf = ({ start, units }: StartConfig, instance: Instance, zoo: readonly Instance[]): StartOptions => ({
  start: start === 'instance' ? { from: 'instance', instance } : { from: 'random' },
  ...(units === 'zoo' && { units: { of: zoo } }),
});
