import type { Group } from '../group.js';
import { bnfold } from './bnfold.js';
import { encdec } from './encdec.js';
import { forward } from './forward.js';
import { grads } from './grads.js';
import { interp } from './interp.js';
import { losses } from './losses.js';
import { nets } from './nets.js';
import { optim } from './optim.js';
import { prep } from './prep.js';
import { siren } from './siren.js';

/** The checks of each file, in the order in which they run: the weights that others read, then from the parts to the whole. */
export const GROUPS = { nets, prep, bnfold, forward, losses, interp, siren, optim, encdec, grads } as const satisfies Readonly<
  Record<string, Group>
>;

export type GroupName = keyof typeof GROUPS;

export const GROUP_NAMES = Object.keys(GROUPS) as readonly GroupName[];

export const isGroupName = (name: string): name is GroupName => Object.hasOwn(GROUPS, name);
