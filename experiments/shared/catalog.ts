import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Experiment } from './experiment.js';
import { root } from './root.js';

const folder = join(root, 'experiments');

/** Every folder with an `experiment.ts`, but that with what they share. */
export const experimentNames = (): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name !== 'shared' && existsSync(join(folder, name, 'experiment.ts')))
    .sort();

/** The experiment of a folder. */
export async function loadExperiment(name: string): Promise<Experiment<object>> {
  if (!experimentNames().includes(name)) {
    throw new Error(`expected an experiment, one of ${experimentNames().join(', ')}; got ${name}`);
  }
  const module = (await import(`../${name}/experiment.ts`)) as { readonly experiment: Experiment<object> };
  return module.experiment;
}
