import type { Architecture } from '@netspace/prep';

import { withoutPaths } from '../../architectures/named-architecture.js';
import { dataOfConfig, pathOfConfig } from '../../config/config-paths.js';
import type { TrainConfig } from './train-config.js';

/** A config that means the same wherever it is read. */
export interface PlacedConfig {
  /** Its architectures by their names. */
  readonly config: TrainConfig;
  /** Those that it names by files. */
  readonly given: ReadonlyMap<string, Architecture>;
}

/**
 * The config of a file without paths that begin at the file.
 *
 * @param from folder of the file
 * @param given what stands in place of the config's, as seen from here
 */
export async function placedConfig(
  config: TrainConfig,
  from: string,
  { zoo, data }: { readonly zoo?: string; readonly data?: string } = {},
): Promise<PlacedConfig> {
  const { names, given } = await withoutPaths(config.architectures, from);
  const own = config.data ?? (config.task.kind === 'classification' ? 'mnist' : undefined);
  const placed = data ?? (own === undefined ? undefined : await dataOfConfig(own, { key: 'data', folder: from }));
  const networks = zoo ?? (await pathOfConfig(config.zoo, { key: 'zoo', folder: from }));
  return { config: { ...config, zoo: networks, ...(placed !== undefined && { data: placed }), architectures: names }, given };
}
