import { multiArchZoo } from '../multi-arch/learned.js';
import type { Part, Phases } from '../shared/experiment.js';
import { gradedZooPart } from '../shared/graded/graded-space.js';
import type { LsoCase, LsoConfig } from './config.js';
import { rowsOf } from './rows-of.js';
import { learnedSpace } from './space-of.js';

/** All zoos, with the imitators' the teachers, whom the other cases share; then all spaces; then what is found in them. */
export function parts(config: LsoConfig): Phases {
  // Of one kind the last come first: architectures are listed from small to large.
  const sorted = [...config.cases].reverse().sort((a, b) => LONGEST_FIRST.indexOf(a.kind) - LONGEST_FIRST.indexOf(b.kind));
  const search = (one: LsoCase): Part => ({ name: `search in ${nameOf(one)}`, make: (context) => rowsOf(one, config, context) });
  return [sorted.flatMap(zooPart), sorted.map(spacePart), sorted.map(search)];
}

const LONGEST_FIRST: readonly LsoCase['kind'][] = ['graded-architectures', 'imitators', 'graded'];

const spacePart = (one: LsoCase): Part => ({
  name: nameOf(one),
  async make(context) {
    const { space } = await learnedSpace(one, context);
    space.dispose();
  },
});

function zooPart(one: LsoCase): readonly Part[] {
  const name = `zoo of ${nameOf(one)}`;
  if (one.kind === 'imitators') return [{ name, make: (context) => multiArchZoo(one.space, context) }];
  if (one.kind === 'graded-architectures') return []; // it has those of the spaces of one architecture
  return [gradedZooPart(name, one.space)];
}

const nameOf = (one: LsoCase): string => (one.kind === 'imitators' ? one.name : one.files);
