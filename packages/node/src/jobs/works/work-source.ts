import { choose, count, flag, listOf, objectOf, oneOf, optional, text, type UsedBy, valueOf, whole } from '@netspace/prep/internal';

import { anyRecipe } from '../zoo-source.js';

const build = objectOf({ recipe: anyRecipe, data: optional(text), trainImages: optional(whole), testImages: optional(whole) });

/** Which networks of the zoo; see `pickRecords`. */
const instance = optional(listOf(text, 'a list of names'));

/** What measures all networks of a zoo. */
const evaluate = objectOf({
  kind: oneOf(['evaluate']),
  data: text,
  instance,
  limit: optional(count),
  /** Of networks of several outputs, the one that is measured. */
  output: optional(text),
});
export type EvaluateSource = UsedBy<typeof evaluate>;

/** What encodes all networks of a zoo. */
const encode = objectOf({ kind: oneOf(['encode']), space: text, instance });
export type EncodeSource = UsedBy<typeof encode>;

const folderName = valueOf<string>('a name of a folder', (value) => typeof value === 'string' && /^[A-Za-z0-9][\w.+-]*$/.test(value));
const object = valueOf<object>('an object', (value) => typeof value === 'object' && value !== null);

/** What trains several spaces. */
const sweep = objectOf({
  kind: oneOf(['sweep']),
  /** Each run's config is checked as that of `netspace train`. */
  runs: listOf(objectOf({ name: folderName, config: object }), 'a list of runs'),
  evaluate: optional(objectOf({ data: optional(text), limit: optional(count), refine: optional(count) })),
  /** Whether processes of several machines take the jobs. */
  shared: optional(flag),
});
export type SweepSource = UsedBy<typeof sweep>;

/** What puts the networks of a zoo in the order of some of them, into another zoo. */
const align = objectOf({
  kind: oneOf(['align']),
  /** Folder of the networks as they are. */
  zoo: text,
  to: listOf(text, 'a list of names', 1),
  instance,
  /** By what networks do on its training half; by weights if there is none. */
  data: optional(text),
  /** How many of its inputs. */
  inputs: count,
});
export type AlignSource = UsedBy<typeof align>;

/** All that a process needs to run any job of a command over a zoo. JSON. A recipe has no `kind` of work. */
export const workSource = choose('a work', (given) => {
  const kind = typeof given === 'object' && given !== null && 'kind' in given ? given.kind : undefined;
  if (kind === 'sweep') return sweep;
  if (kind === 'align') return align;
  return kind === 'evaluate' ? evaluate : kind === 'encode' ? encode : build;
});
export type WorkSource = UsedBy<typeof workSource>;

/** build, align, evaluate, encode or sweep. */
export const nameOfWork = (source: WorkSource): string => ('kind' in source ? source.kind : 'build');
