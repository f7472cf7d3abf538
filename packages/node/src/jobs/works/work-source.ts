import { choose, count, listOf, objectOf, oneOf, optional, text, type UsedBy, whole } from '@netspace/prep/internal';

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

/** All that a process needs to run any job of a command over a zoo. JSON. A recipe has no `kind` of work. */
export const workSource = choose('a work', (given) => {
  const kind = typeof given === 'object' && given !== null && 'kind' in given ? given.kind : undefined;
  return kind === 'evaluate' ? evaluate : kind === 'encode' ? encode : build;
});
export type WorkSource = UsedBy<typeof workSource>;
