import { accuracy, evaluateSpace, type EvaluatedInstance } from '@netspace/explore';
import { thinDataset } from '@netspace/zoo';
import { mean } from 'simple-statistics';

import type { Context, Experiment, Outcome } from '../shared/experiment.js';
import { quickLook } from '../shared/quick-look.js';
import { comparison } from '../shared/space-accuracy.js';
import { testAccuracyOf, type Member } from '../shared/zoo-stage.js';
import { configs, type LsoCase, type LsoConfig } from './config.js';
import { figures } from './figures.js';
import { parts } from './parts.js';
import type { HeldOut, LsoRow } from './row.js';
import { improve } from './search.js';
import { searchBatches } from './search-batches.js';
import { spaceOf } from './space-of.js';

/** Table I: latent space optimisation. */
export const experiment: Experiment<LsoConfig> = {
  name: 'lso',
  question:
    'Does moving an embedding, the decoder frozen, make the network it decodes to better, and how does that compare to moving weights?',
  configs,
  parts,
  async run(config, context): Promise<Outcome> {
    const rows: LsoRow[] = [];
    for (const one of config.cases) rows.push(...(await rowsOf(one, quickLook(config, context), context)));
    return {
      results: { rows },
      figures: figures(rows),
      thresholds: rows.map(({ case: name, architecture, before, latent }) => ({
        ...{ what: `${name}, ${architecture}: test accuracy gained by moving the embedding`, value: latent - before, atLeast: 0.001 },
      })),
    };
  },
};

async function rowsOf(one: LsoCase, config: LsoConfig, context: Context): Promise<readonly LsoRow[]> {
  const { space, heldOut, teacher, images } = await spaceOf(one, context);
  const steps = Math.min(config.search.steps, context.stepsLimit ?? Infinity);
  const search = { ...config.search, steps };
  const batches = searchBatches(images.train, teacher.instance, { ...search, seed: context.seed });
  const splits = { validation: thinDataset(images.validation, config.validationImages), test: thinDataset(images.test, config.testImages) };
  const teacherAccuracy = await accuracy(teacher.instance, splits.test);
  const { instances } =
    one.kind === 'imitators' ? { instances: [] } : await evaluateSpace(space, heldOut, splits.test, { signal: context.signal });
  const rows: LsoRow[] = [];
  for (const { name: architecture } of space.architectures) {
    const members = byAccuracy(heldOut.filter(({ instance }) => instance.architecture.name === architecture));
    const count = Math.min(config.starts, members.length);
    const starts: LsoRow['starts'][number][] = [];
    for (let i = 0; i < count; i++) {
      const { name, instance } = members[Math.floor(((i + 0.5) * members.length) / count)]!;
      starts.push({
        start: name,
        ...(await improve(space, instance, { config: search, batches: batches.list, images: splits, signal: context.signal })),
      });
    }
    const row = {
      before: mean(starts.map(({ before }) => before)),
      latent: mean(starts.map(({ latent }) => latent.after)),
      weights: mean(starts.map(({ weights }) => weights.after)),
    };
    context.log(`lso: ${one.name}, ${architecture}: ${JSON.stringify(row)}`);
    const kept = heldOutOf(instances.filter((instance) => instance.architecture === architecture));
    rows.push({ case: one.name, architecture, ...row, teacher: teacherAccuracy, ...(kept && { heldOut: kept }), starts });
  }
  batches.dispose();
  space.dispose();
  return rows;
}

function heldOutOf(instances: readonly EvaluatedInstance[]): HeldOut | undefined {
  if (instances.length === 0) return undefined;
  const { spearman, difference, target, predicted } = comparison(instances);
  return { networks: instances.length, spearman, difference, target, predicted };
}

const byAccuracy = (members: readonly Member[]): readonly Member[] => [...members].sort((a, b) => testAccuracyOf(a) - testAccuracyOf(b));
