import { join } from 'node:path';

import { accuracy, compareAccuracies, evaluateSpace, type EvaluatedInstance } from '@netspace/explore';
import { keptJson, plainSettings, settingsHash } from '@netspace/node';
import { thinDataset } from '@netspace/zoo';
import { mean } from 'simple-statistics';

import type { Context } from '../shared/experiment.js';
import { quickLook } from '../shared/quick-look.js';
import { testAccuracyOf, type Member } from '../shared/zoo-stage.js';
import type { LsoCase, LsoConfig } from './config.js';
import type { HeldOut, LsoRow } from './row.js';
import { improve } from './search.js';
import { searchBatches } from './search-batches.js';
import { spaceOf, type SpaceToSearch } from './space-of.js';

/** Searches the space of a case, from a few held-out networks of each architecture; or reads what was found before. */
export async function rowsOf(one: LsoCase, whole: LsoConfig, context: Context): Promise<readonly LsoRow[]> {
  const { starts, search, validationImages, testImages } = quickLook(whole, context);
  const config = { starts, search, validationImages, testImages };
  const found = await spaceOf(one, context);
  try {
    const { seed, stepsLimit } = context;
    const id = `lso-${settingsHash(plainSettings({ settings: { one, config }, seed, stepsLimit }))}`;
    const path = join(context.work, 'kept', `${id}.json`);
    return await context.stage(`kept-${id}`, () => keptJson(path, () => searched(one, found, config, context)));
  } finally {
    found.space.dispose();
  }
}

async function searched(
  one: LsoCase,
  { space, heldOut, teacher, images }: SpaceToSearch,
  config: Omit<LsoConfig, 'cases'>,
  context: Context,
): Promise<readonly LsoRow[]> {
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
    const known = heldOutOf(instances.filter((instance) => instance.architecture === architecture));
    rows.push({ case: one.name, architecture, ...row, teacher: teacherAccuracy, ...(known && { heldOut: known }), starts });
  }
  batches.dispose();
  return rows;
}

function heldOutOf(instances: readonly EvaluatedInstance[]): HeldOut | undefined {
  if (instances.length === 0) return undefined;
  const { spearman, difference, target, predicted } = compareAccuracies(instances);
  return { networks: instances.length, spearman, difference, target, predicted };
}

const byAccuracy = (members: readonly Member[]): readonly Member[] => [...members].sort((a, b) => testAccuracyOf(a) - testAccuracyOf(b));
