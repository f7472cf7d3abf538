import { type Instance, NetSpaceError } from '@netspace/prep';
import { byKind, choose, forbidden, type GivenBy, objectOf, oneOf, type Option, optional, thing, valueOf } from '@netspace/prep/internal';

import type { Normalization } from './units/units.js';
import type { NamedTensors } from './weights/named-tensors.js';

const notRandom = forbidden("with start.from 'random'");
const notInstance = forbidden("with start.from 'instance'");
const instances = valueOf<readonly Instance[]>(
  'a list of instances',
  (value) => Array.isArray(value) && value.every((one) => typeof one === 'object'),
);

const randomStart = objectOf({ from: oneOf(['random']), instance: notRandom, instances: notRandom });
const instanceStart = objectOf({
  from: oneOf(['instance']),
  instance: thing<Instance>("an instance, with start.from 'instance'", ['architecture', 'parameters']),
  instances: notInstance,
});
const instancesStart = objectOf({
  from: oneOf(['instances']),
  /** One network of each architecture, in any order. */
  instances,
});
const weightsStart = objectOf({
  from: oneOf(['weights']),
  /** Named as `NetSpace.variables`; copied. */
  weights: thing<NamedTensors>('tensors by name', []),
  /**
   * How these weights started themselves.
   * @default 'random'
   */
  startedFrom: optional(oneOf(['random', 'instance', 'instances'])),
});

/** The paper's start: random weights, and a scale layer that starts near zero. All embeddings decode to nearly the same poor network. */
export interface RandomStart extends GivenBy<typeof randomStart> {}

/** Random weights, except that the bias of the scale layer is a trained network: every embedding decodes to it at first; in a space with `dense` nearly so, if it has `units`. */
export interface InstanceStart extends GivenBy<typeof instanceStart> {}

/** As {@link InstanceStart}, but every embedding decodes to the network of its own ClassId at first; only in a space with `units`. */
export interface InstancesStart extends GivenBy<typeof instancesStart> {}

/** Existing weights, such as those of another space. */
export interface WeightsStart extends GivenBy<typeof weightsStart> {}

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
       * The encoder reads weights, and the decoder writes them, in units of their spread about the mean of their architecture. Small
       * weights then count as much as large ones.
       *
       * @default the weights' own units, as in the paper
       */
      readonly units?: Units | undefined;
    }
  | { readonly start: InstancesStart; readonly units: Units };

/** The option `start`. */
export const startOption: Option<Start> = byKind('from', {
  random: randomStart,
  instance: instanceStart,
  instances: instancesStart,
  weights: weightsStart,
});

const measured = objectOf({ of: instances });
const normalization = thing<Normalization>('a normalization of another space', ['mean', 'deviation']);

/** The option `units`. */
export const unitsOption: Option<Units> = choose('{ of: instances } or a normalization of another space', (given) => {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  return 'mean' in given || 'deviation' in given ? normalization : measured;
});

/** Options of earlier versions, and what to write instead. */
const FORMER: Readonly<Record<string, string>> = {
  scaleBias: "start: { from: 'random' } or start: { from: 'instance', instance }",
  instance: "start: { from: 'instance', instance } or start: { from: 'instances', instances }",
  normalize: 'units: { of: instances }',
  weights: "start: { from: 'weights', weights }",
};

/**
 * Refuses the options of earlier versions, saying what to write instead.
 *
 * @throws NetSpaceError `INVALID_OPTION`
 */
export function refuseFormer(options: unknown): void {
  for (const [former, instead] of Object.entries(FORMER)) {
    if (former in Object(options)) throw wrong(`${instead} instead of '${former}'`, `the option '${former}'`);
  }
}

/**
 * Checks that start and units go together.
 *
 * @throws NetSpaceError `INVALID_OPTION`
 */
export function checkStart({ start, units }: { readonly start?: Start | undefined; readonly units?: Units | undefined }): void {
  if (start?.from !== 'instances' || units !== undefined) return;
  throw wrong("units with start.from 'instances', such as units: { of: instances }", "none; without them all architectures share the scale layer's bias"); // prettier-ignore
}

const wrong = (expected: string, got: string): NetSpaceError =>
  new NetSpaceError('INVALID_OPTION', `NetSpace: expected ${expected}, got ${got}`);
