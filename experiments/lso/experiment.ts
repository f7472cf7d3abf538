import type { Experiment, Outcome } from '../shared/experiment.js';
import { configs, type LsoConfig } from './config.js';
import { figures } from './figures.js';
import { parts } from './parts.js';
import type { LsoRow } from './row.js';
import { rowsOf } from './rows-of.js';

/** Table I: latent space optimization. */
export const experiment: Experiment<LsoConfig> = {
  name: 'lso',
  question:
    'Does moving an embedding, the decoder frozen, make the network it decodes to better, and how does that compare to moving weights?',
  configs,
  parts,
  async run(config, context): Promise<Outcome> {
    const rows: LsoRow[] = [];
    for (const one of config.cases) rows.push(...(await rowsOf(one, config, context)));
    return {
      results: { rows },
      figures: figures(rows),
      thresholds: rows.map(({ case: name, architecture, before, latent }) => ({
        ...{ what: `${name}, ${architecture}: test accuracy gained by moving the embedding`, value: latent - before, atLeast: 0.001 },
      })),
    };
  },
};
