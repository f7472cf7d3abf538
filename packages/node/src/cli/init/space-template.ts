import type { InstanceRecord } from '@netspace/zoo';

import { proposeConfig, type ProposeConfigOptions } from '../training/propose-config.js';
import type { Template } from './recipe-templates.js';

/** A config that fits a zoo, with the reason for each value, and what speaks against the zoo itself. */
export function spaceTemplate(
  zoo: string,
  records: readonly InstanceRecord[],
  options: ProposeConfigOptions,
): Template & { readonly warnings: readonly string[] } {
  const { config, reasons } = proposeConfig(zoo, records, options);
  const given = new Set(Object.keys(options.changes));
  const whys = reasons.filter(({ option }) => option in config || option.includes('.')).filter(({ option }) => !given.has(option));
  return {
    warnings: reasons.filter(({ option }) => option === 'zoo').map(({ why }) => why),
    config,
    comments: {
      '': `How to learn the space of the networks in ${zoo}, for: netspace train FILE --out DIR\nProposed by suggestSpace from what is known of the networks; change what you like.`,
      ...('data' in config && { data: 'Images on which networks are compared.' }),
      zoo: 'Folder of the networks.',
      ...Object.fromEntries(whys.map(({ option, why }) => [option, why])),
      seed: 'Of everything that is drawn at random.',
      readEvery: 'Steps between two lines of metrics.jsonl.',
      checkpointEvery: 'Steps between two checkpoints.',
    },
  };
}
