import * as v from 'valibot';

import { NetSpaceError } from '../errors.js';

/**
 * One option: its type as the caller gives it and as the call sees it, its check, its default and the message if it is wrong.
 *
 * An options object is described once, beside the function that takes it, and its type comes from the description:
 *
 * ```ts
 * export const walkOptions = objectOf({
 *   // (a doc comment here is the option's documentation, everywhere)
 *   steps: withDefault(count, 10),
 *   signal: optional(abortSignal),
 * });
 * export interface WalkOptions extends GivenBy<typeof walkOptions> {}
 *
 * export function walk(space: NetSpace, options: WalkOptions = {}) {
 *   const { steps, signal } = parseOptions('walk', walkOptions, options);
 * ```
 *
 * A config file uses the same description: take its `entries`, and add or replace those that a file writes in another way, such as the name
 * of a data set instead of the data set. {@link byKind} or {@link choose} chooses between objects of options that exclude each other; the
 * options of the other objects are {@link forbidden}. {@link refuseOptions} refuses options that have no meaning in a situation that types
 * cannot express. The kinds of single options (`count`, `positive`, `oneOf`, …) are in `option-kinds.ts`.
 */
export type Option<Given, Used = Given> = v.GenericSchema<Given, Used>;

type Entries = Readonly<Record<string, v.GenericSchema>>;
type OptionalKey<E extends Entries> = { [K in keyof E]: undefined extends v.InferInput<E[K]> ? K : never }[keyof E];
// Mapped over a type parameter, as `Pick` is: properties keep their doc comments.
type Needed<E extends Entries, K extends keyof E> = { readonly [P in K]: v.InferInput<E[P]> };
type Free<E extends Entries, K extends keyof E> = { readonly [P in K]?: v.InferInput<E[P]> };

/** An options object as the caller writes it: what has a default, or may be left out, is optional. */
export type GivenEntries<E extends Entries> = Needed<E, Exclude<keyof E, OptionalKey<E>>> & Free<E, OptionalKey<E>>;
/** An options object as the call sees it, with defaults filled in. */
export type UsedEntries<E extends Entries> = { readonly [P in Exclude<keyof E, AbsentKey<E>>]: v.InferOutput<E[P]> } & {
  readonly [P in AbsentKey<E>]?: v.InferOutput<E[P]>;
};
type AbsentKey<E extends Entries> = { [K in keyof E]: undefined extends v.InferOutput<E[K]> ? K : never }[keyof E];

/** An options object: refuses keys that it does not know. */
export interface ObjectOption<E extends Entries> extends Option<GivenEntries<E>, UsedEntries<E>> {
  readonly entries: E;
}

/** The type that a caller may give for an option, or for an options object. */
export type GivenBy<O extends v.GenericSchema> = v.InferInput<O>;
/** The type that the call sees, with defaults filled in. */
export type UsedBy<O extends v.GenericSchema> = v.InferOutput<O>;

/**
 * Checks options and fills in their defaults.
 *
 * @param call whose options they are, for the message: a function or a file's path
 * @throws NetSpaceError `INVALID_OPTION` naming each option that is unknown, missing or wrong, what was expected, what came, and the
 * nearest valid form if there is one
 */
export function parseOptions<O extends v.GenericSchema>(call: string, option: O, given: unknown): UsedBy<O> {
  const result = v.safeParse(option, given);
  if (result.success) return result.output;
  throw new NetSpaceError('INVALID_OPTION', `${call}: ${result.issues.toSorted(unknownFirst).map(describe).join('; ')}`);
}

/** An options object with these options and no others. */
export function objectOf<const E extends Entries>(entries: E, what = 'an object'): ObjectOption<E> {
  const message = (issue: Issue): string => {
    const key = String(issue.path?.at(-1)?.key);
    if (issue.expected === 'never') return nearest(key, Object.keys(entries));
    return issue.expected === 'Object' ? expectedText(what)(issue) : (messageOf(entries[key]) ?? expectedText('given'))(issue);
  };
  const strict = v.strictObject(entries, message);
  const option = choose(what, (given) => (Array.isArray(given) ? undefined : strict));
  return Object.assign(option, { entries }) as unknown as ObjectOption<E>;
}

/** The options of another object together with these. */
export const extended = <const E extends Entries, const F extends Entries>(base: ObjectOption<E>, more: F): ObjectOption<E & F> =>
  objectOf({ ...base.entries, ...more });

/** One of several options, chosen by the value that was given; refused if none fits. */
export function choose<const O extends v.GenericSchema>(
  what: string,
  pick: (given: unknown) => O | undefined,
): Option<v.InferInput<O>, v.InferOutput<O>> {
  const message = expectedText(what);
  const none = v.custom<never>(() => false, message);
  return Object.assign(
    v.lazy((given) => pick(given) ?? none),
    { message },
  );
}

/**
 * An option that may also have the form of earlier versions. `translate` turns what it can into today's form, and leaves the rest to the
 * check.
 */
export const translated = <Given, Used>(option: Option<Given, Used>, translate: (given: unknown) => unknown): Option<Given, Used> =>
  v.pipe(v.unknown(), v.transform(translate), option) as unknown as Option<Given, Used>;

/** One of several options objects, told apart by a key whose values are the names here. */
export function byKind<const T extends Readonly<Record<string, v.GenericSchema>>>(
  key: string,
  kinds: T,
): Option<v.InferInput<T[keyof T]>, v.InferOutput<T[keyof T]>> {
  const word = oneOf(Object.keys(kinds));
  const whatever = v.custom<unknown>(() => true);
  const wrong = (given: object) => objectOf({ ...Object.fromEntries(Object.keys(given).map((other) => [other, whatever])), [key]: word });
  return choose(`an object with ${key} ${names(Object.keys(kinds))}`, (given) => {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
    const kind = (given as Readonly<Record<string, unknown>>)[key];
    return typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind] : wrong(given);
  }) as Option<v.InferInput<T[keyof T]>, v.InferOutput<T[keyof T]>>;
}

/** May be left out; the call then sees `undefined`. */
export const optional = <Given, Used>(option: Option<Given, Used>): Option<Given | undefined, Used | undefined> => v.optional(option);

/** May be left out; the call then sees `value`. */
export const withDefault = <Given, Used>(option: Option<Given, Used>, value: NoInfer<Given>): Option<Given | undefined, Used> =>
  v.optional(option, (() => value) as never) as Option<Given | undefined, Used>; // in a function, as valibot would call a default that is one

/** An option that is checked and passed on unchanged, such as the options of another call, which fills in its own defaults. */
export const asGiven = <Given>(option: Option<Given, unknown>): Option<Given> =>
  ({
    ...option,
    '~run': (dataset: { value: unknown }, config: Config) => {
      const { value } = dataset;
      const result = option['~run'](dataset as Dataset, config);
      return result.issues === undefined ? { typed: true, value } : result;
    },
  }) as unknown as Option<Given>;
type Dataset = Parameters<Option<unknown>['~run']>[0];
type Config = Parameters<Option<unknown>['~run']>[1];

/** An option that has no meaning together with others of its object. It is refused if it is given, and its type says so. */
export const forbidden = (reason: string): Option<undefined> =>
  v.optional(v.custom<undefined>(() => false, expectedText(`left out ${reason}`)));

/** A value that passes a check as it is, without being copied. */
export const valueOf = <T>(what: string, check: (value: unknown) => boolean, hint?: (value: unknown) => string | undefined): Option<T> =>
  v.custom<T>(check, expectedText(what, hint)) as unknown as Option<T>;

/** One of some words. */
export const oneOf = <const T extends string>(words: readonly T[]): Option<T> =>
  valueOf<T>(wordsText(words), (value) => words.some((word) => word === value), quotedNearest(words));

const wordsText = (words: readonly string[]): string => (words.length === 1 ? `'${words[0]}'` : `one of ${names(words)}`);

const quotedNearest =
  (words: readonly string[]) =>
  (value: unknown): string | undefined => {
    const match = typeof value === 'string' ? nearestWord(value, words) : undefined;
    return match && `'${match}'`;
  };

/** A list of options of one kind. */
export const listOf = <Given, Used>(each: Option<Given, Used>, what: string, atLeast = 0): Option<readonly Given[], readonly Used[]> =>
  v.pipe(v.array(each, expectedText(what)), v.minLength(atLeast, expectedText(what)));

/**
 * Refuses options that have no meaning in the present situation, so that none is silently ignored.
 *
 * @param reason ends "expected no alpha …", such as "with one architecture"
 * @throws NetSpaceError `INVALID_OPTION` naming the first of `keys` that is given
 */
export function refuseOptions(call: string, given: Readonly<Record<string, unknown>>, keys: readonly string[], reason: string): void {
  const key = keys.find((candidate) => given[candidate] !== undefined);
  if (key === undefined) return;
  throw new NetSpaceError('INVALID_OPTION', `${call}: expected no ${key} ${reason}, got ${show(given[key])}; leave it out`);
}

/**
 * Refuses options that a call does not know. It is for small functions, in which a description would weigh more than the function.
 *
 * @throws NetSpaceError `INVALID_OPTION` naming the first that is not among `known`, and the nearest that is
 */
export function refuseUnknown(call: string, given: unknown, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new NetSpaceError('INVALID_OPTION', `${call}: expected options to be an object, got ${show(given)}`);
  }
  const key = Object.keys(given).find((candidate) => !known.includes(candidate));
  if (key !== undefined) throw new NetSpaceError('INVALID_OPTION', `${call}: unknown option ${key}; ${nearest(key, known)}`);
}

/**
 * Refuses an option that is not one of some words. Like {@link refuseUnknown}, it is for small functions.
 *
 * @throws NetSpaceError `INVALID_OPTION` naming the words, and the nearest
 */
export function refuseOther(call: string, key: string, value: unknown, words: readonly string[]): void {
  if (words.some((word) => word === value)) return;
  const message = expectedText(wordsText(words), quotedNearest(words))({ input: value });
  throw new NetSpaceError('INVALID_OPTION', `${call}: expected ${key} to be ${message}`);
}

type Issue = Pick<v.BaseIssue<unknown>, 'input' | 'expected' | 'path'>;
type Message = (issue: Issue) => string;
type ValueMessage = (issue: Pick<Issue, 'input'>) => string;

/** The known word that was probably meant. At most three letters differ, and at most half of its letters. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const off = known.map((candidate) => editDistance(word, candidate));
  const least = Math.min(...off);
  return least <= Math.min(3, Math.ceil(word.length / 2)) ? known[off.indexOf(least)] : undefined;
}

/** Levenshtein's distance: the number of letters to add, leave out or replace. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + Number(a[i - 1] !== b[j - 1]));
    }
    above = row;
  }
  return above[b.length]!;
}

const expectedText =
  (what: string, hint?: (value: unknown) => string | undefined): ValueMessage =>
  ({ input }) => {
    const near = hint?.(input);
    return `${what}, got ${show(input)}${near === undefined ? '' : `; did you mean ${near}?`}`;
  };

function describe(issue: v.BaseIssue<unknown>): string {
  const path = issue.path?.map(({ key }) => String(key)).join('.') ?? 'options';
  return isUnknown(issue) ? `unknown option ${path}; ${issue.message}` : `expected ${path} to be ${issue.message}`;
}

const isUnknown = ({ type, expected }: v.BaseIssue<unknown>): boolean => type === 'strict_object' && expected === 'never';

/** A misspelt option comes before the one that is missing because of it. */
const unknownFirst = (a: v.BaseIssue<unknown>, b: v.BaseIssue<unknown>): number => Number(isUnknown(b)) - Number(isUnknown(a));

function nearest(key: string, known: readonly string[]): string {
  const match = nearestWord(key, known);
  if (match !== undefined) return `did you mean ${match}?`;
  return known.length === 0 ? 'expected none' : `expected one of ${known.join(', ')}`;
}

/** The message of an option about a value that it does not accept. */
function messageOf(option: v.GenericSchema | undefined): Message | undefined {
  return option !== undefined && 'message' in option && typeof option.message === 'function' ? (option.message as Message) : undefined;
}

const names = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');

/** A value in a message, in a few characters. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return value.length > 40 ? `'${value.slice(0, 40)}…'` : `'${value}'`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) {
    return value.length <= 8 && value.every((one) => typeof one === 'number') ? `[${value.join(', ')}]` : `a list of ${value.length}`;
  }
  if (value instanceof Promise) return 'a Promise (is there an await missing?)';
  return typeof value === 'object' && value !== null ? 'an object' : String(value as number | boolean | bigint | symbol | null);
}
