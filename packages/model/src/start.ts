import { NetSpaceError, type Instance } from '@netspace/prep';

import type { Normalization } from './units/units.js';
import type { NamedTensors } from './weights/named-tensors.js';

/** The paper's start: random weights, and a scale layer that starts near zero. All embeddings decode to much the same poor network. */
export interface RandomStart {
  readonly from: 'random';
}

/** Random weights, except that the scale layer's bias is a trained network: every embedding decodes to this network at first. */
export interface InstanceStart {
  readonly from: 'instance';
  /** The trained network, of any of the architectures. */
  readonly instance: Instance;
}

/** Like {@link InstanceStart} with one network per architecture: every embedding decodes to the network of its ClassId at first. Needs `units`. */
export interface InstancesStart {
  readonly from: 'instances';
  /** One of each architecture, in any order. */
  readonly instances: readonly Instance[];
}

/** Existing weights, such as those of another space. */
export interface WeightsStart {
  readonly from: 'weights';
  /** Named as `NetSpace.variables`; copied. */
  readonly weights: NamedTensors;
  /**
   * How these weights started before they were trained.
   *
   * @default 'random'
   */
  readonly startedFrom?: StartedFrom;
}

/** How the weights of a space start before training. */
export type Start = RandomStart | InstanceStart | InstancesStart | WeightsStart;

/** How the weights of a space started before they were trained. */
export type StartedFrom = Exclude<Start['from'], 'weights'>;

/**
 * The units in which a space measures the networks' weights: `{ of: instances }` measures them on at least one network of every
 * architecture, and a {@link Normalization} is taken as it is, such as `space.normalization` of another space.
 */
export type Units = { readonly of: readonly Instance[] } | Normalization;

/** Start and units. A start from one network per architecture needs units. */
export type StartOptions =
  | {
      /** @default { from: 'random' } */
      readonly start?: RandomStart | InstanceStart | WeightsStart | undefined;
      /**
       * The encoder reads weights, and the decoder writes them, in units of their spread about the mean of their architecture. Small weights
       * then count as much as large ones.
       *
       * @default the weights' own units, as in the paper
       */
      readonly units?: Units | undefined;
    }
  | { readonly start: InstancesStart; readonly units: Units };

/** What each start needs besides `from`. */
const FIELDS: Readonly<Record<Start['from'], readonly [needed: string | undefined, ...optional: string[]]>> = {
  random: [undefined],
  instance: ['instance'],
  instances: ['instances'],
  weights: ['weights', 'startedFrom'],
};

/** Options of earlier versions, with what to write instead. */
const FORMER: Readonly<Record<string, string>> = {
  scaleBias: "start: { from: 'random' } or start: { from: 'instance', instance }",
  instance: "start: { from: 'instance', instance } or start: { from: 'instances', instances }",
  normalize: 'units: { of: instances }',
  weights: "start: { from: 'weights', weights }",
};

/**
 * Checks what types cannot in JavaScript: start and units that say what they mean, and nothing of the options of earlier versions.
 *
 * @throws NetSpaceError `INVALID_OPTION`
 */
export function checkStart(options: StartOptions): void {
  const given = options as Readonly<Record<string, unknown>>;
  for (const [former, instead] of Object.entries(FORMER)) {
    if (given[former] !== undefined) throw wrong(`${instead} instead of '${former}'`, `the option '${former}'`);
  }
  const { start = { from: 'random' }, units } = options;
  if (!Object.hasOwn(FIELDS, start.from)) throw wrong(`start.from to be one of ${Object.keys(FIELDS).join(', ')}`, show(start.from));
  const { from, ...fields } = start;
  const [needed, ...optional] = FIELDS[from];
  if (needed !== undefined && !(needed in fields)) throw wrong(`start.${needed} with start.from '${from}'`, 'none');
  const unknown = Object.keys(fields).find((key) => key !== needed && !optional.includes(key));
  if (unknown !== undefined) throw wrong(`no start.${unknown} with start.from '${from}'`, 'one');
  if (from === 'instances' && units === undefined) {
    throw wrong("units with start.from 'instances', such as units: { of: instances }", "none; without them all architectures share the scale layer's bias"); // prettier-ignore
  }
  const measured = units !== undefined && 'of' in units ? Array.isArray(units.of) : units === undefined || 'mean' in units;
  if (!measured) throw wrong('units: { of: instances } or a normalization of another space', Array.isArray(units) ? 'a list' : show(units));
}

const wrong = (expected: string, got: string): NetSpaceError =>
  new NetSpaceError('INVALID_OPTION', `NetSpace: expected ${expected}, got ${got}`);

const show = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : typeof value);
