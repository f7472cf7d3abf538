import { readFile } from 'node:fs/promises';

import { isNetSpaceError } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';
import { architectureByName } from '@netspace/zoo';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';

import { anyRecipe } from '../jobs/zoo-source.js';
import { shapesTemplate, zooTemplate } from '../cli/init/recipe-templates.js';
import { type ConfigKind, schemaFile, schemaReference } from '../cli/init/schema-path.js';
import { spaceTemplate } from '../cli/init/space-template.js';
import { SHORTEST_SWEEP, sweepOptions } from '../cli/sweep/sweep-config.js';
import { SHORTEST } from '../cli/training/shortest-config.js';
import { trainConfigOptions } from '../cli/training/train-config.js';

const schemas = new Ajv({ allowUnionTypes: true });
const validatorOf = async (kind: ConfigKind) => schemas.compile(JSON.parse(await readFile(schemaFile(kind), 'utf8')) as object);

/** What the command itself says of a config. */
function accepts(kind: ConfigKind, config: unknown): boolean {
  try {
    parseOptions(kind, kind === 'sweep' ? sweepOptions : kind === 'space' ? trainConfigOptions : anyRecipe, config);
    return true;
  } catch (error) {
    if (isNetSpaceError(error)) return false;
    throw error;
  }
}

const record = {
  name: 'a',
  architecture: 'lenet-like-1x28x28-10-w0.25',
  parameterCount: 3077,
  classId: 0,
  epochs: 1,
  seed: 0,
  metrics: {},
};
const records = [0, 1, 2].map((seed) => ({ ...record, seed, name: `n${seed}`, file: '', sha256: '', bytes: 1 }));
const shortest = (kind: Exclude<ConfigKind, 'sweep'>) => JSON.parse(SHORTEST[kind].config) as object;
const space = { zoo: 'zoo', steps: 10 };
const group = { architecture: 'x', lengths: [1] };

describe.each<[ConfigKind, readonly object[], readonly object[]]>([
  [
    'zoo',
    [
      ...[shortest('zoo'), zooTemplate('mnist').config, { groups: [{ ...group, seeds: [3, 4] }] }],
      { groups: [{ ...group, optimizer: { kind: 'sgd', learningRate: { kind: 'steps', learningRate: 1, milestones: [2] } } }] },
    ],
    [
      ...[{}, { groups: [] }, { grops: [group] }, { groups: [{ ...group, lengths: [] }] }, { groups: [{ ...group, seeds: 0 }] }],
      ...[{ groups: [{ ...group, unit: 'days' }] }, { groups: [{ ...group, optimizer: { kind: 'rmsprop', learningRate: 1 } }] }],
      { groups: [{ ...group, optimizer: { kind: 'adam', learningRate: 1, momentum: 0.9 } }] },
    ],
  ],
  [
    'shapes',
    [
      shortest('shapes'),
      shapesTemplate({ meshes: 'meshes' }).config,
      { kind: 'shapes', learningRate: { kind: 'linear', learningRate: 1 } },
    ],
    [{}, { kind: 'shape' }, { kind: 'shapes', nearSurface: 2 }, { kind: 'shapes', steps: 1.5 }, { kind: 'shapes', learningRate: 'fast' }],
  ],
  [
    'space',
    [
      ...[
        shortest('space'),
        spaceTemplate('zoo', records, { changes: {}, find: architectureByName }).config,
        { ...space, task: { kind: 'weights' } },
      ],
      ...[
        { ...space, space: { start: 'instance', prepShape: [8, 400] } },
        { ...space, task: { kind: 'classification', teacher: 'best' } },
      ],
      { ...space, task: { kind: 'classification', teacher: 'labels', weights: { classId: 0.1 } } },
    ],
    [
      ...[{}, { zoo: 'zoo' }, { ...space, lerningRate: 1 }, { ...space, batch: { nets: 0 } }, { ...space, space: { prepShape: [8] } }],
      ...[
        { ...space, space: { start: 'instnce' } },
        { ...space, task: { kind: 'sdf', teacher: 'labels' } },
      ],
      { ...space, learningRate: { kind: 'cosine', learningRate: 1, factor: 2 } },
    ],
  ],
  [
    'sweep',
    [
      ...[JSON.parse(SHORTEST_SWEEP.config) as object, { config: 'a.json', runs: [{ 'task.alpha': 0.5 }, { task: { kind: 'sdf' } }] }],
      { config: 'a.json', grid: { 'space.preset': ['tiny', 'small'], augment: [null, { flip: true }] }, evaluate: { limit: 10 } },
    ],
    [
      ...[{}, { config: 1 }, { config: 'a.json', grid: { steps: 10 } }, { config: 'a.json', grid: { steps: [] } }],
      ...[
        { config: 'a.json', grid: [] },
        { config: 'a.json', runs: [3] },
        { config: 'a.json', seeds: [] },
        { config: 'a.json', seed: [1] },
      ],
      { config: 'a.json', evaluate: { limit: 0 } },
    ],
  ],
])('the JSON Schema of a %s config', (kind, right, wrong) => {
  it('takes what the command takes', async () => {
    const validate = await validatorOf(kind);
    for (const config of right) {
      expect(accepts(kind, config), JSON.stringify(config)).toBe(true);
      expect(validate({ $schema: 'x', ...config }), `${JSON.stringify(config)}: ${JSON.stringify(validate.errors)}`).toBe(true);
    }
  });
  it('refuses what the command refuses', async () => {
    const validate = await validatorOf(kind);
    for (const config of wrong) {
      expect(accepts(kind, config), JSON.stringify(config)).toBe(false);
      expect(validate(config), JSON.stringify(config)).toBe(false);
    }
  });
});

describe('schemaReference', () => {
  it('is the place of the file on this machine where the package is not part of the project', () => {
    expect(schemaReference('zoo', '/tmp/zoo.jsonc')).toMatch(/^file:\/\/.*\/schemas\/zoo\.schema\.json$/);
  });
});
