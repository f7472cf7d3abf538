import { NetSpaceError } from '@netspace/prep';
import { brief } from '../pytorch/limits.js';

/** A name, a name with `*` for any run of characters, a prefix that ends in a dot, or a regular expression. */
export type NamePattern = string | RegExp;

/** New names by old ones: exact names in an object, or pairs of a pattern and its replacement. The first pattern that fits counts. */
export type Rename = Readonly<Record<string, string>> | readonly (readonly [from: NamePattern, to: string])[];

export const isPattern = (value: unknown): value is NamePattern => typeof value === 'string' || value instanceof RegExp;

export const isRename = (value: unknown): value is Rename =>
  Array.isArray(value)
    ? value.every((pair: unknown) => Array.isArray(pair) && pair.length === 2 && isPattern(pair[0]) && typeof pair[1] === 'string')
    : typeof value === 'object' && value !== null && Object.values(value).every((to) => typeof to === 'string');

/** Whether a name fits one of some patterns. */
export const matchesAny = (name: string, patterns: readonly NamePattern[]): boolean =>
  patterns.some((pattern) => expression(pattern).test(name));

/**
 * The new name of each name.
 *
 * @throws NetSpaceError `INVALID_OPTION` if a rule fits no name, or two names become one
 */
export function renameAll(caller: string, names: readonly string[], rename: Rename): ReadonlyMap<string, string> {
  const rules = (isPairs(rename) ? rename : Object.entries(rename)).map(([from, to]) => ({
    from,
    to,
    search: expression(from),
    used: false,
  }));
  const renamed = new Map<string, string>();
  const olds = new Map<string, string>();
  for (const name of names) {
    const rule = rules.find(({ search }) => search.test(name));
    if (rule !== undefined) rule.used = true;
    const to = rule === undefined ? name : replaced(name, rule);
    const other = olds.get(to);
    if (other !== undefined) {
      throw new NetSpaceError(
        'INVALID_OPTION',
        `${caller}: expected rename to give different names, got ${brief(to)} for ${brief(other)} and ${brief(name)}`,
      );
    }
    olds.set(to, name);
    renamed.set(name, to);
  }
  const unused = rules.find(({ used }) => !used);
  if (unused !== undefined) {
    const some = names.slice(0, 5).map(brief).join(', ');
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${caller}: expected rename of names that are there, got '${unused.from}'; the file has ${some}…`,
    );
  }
  return renamed;
}

const isPairs = (rename: Rename): rename is readonly (readonly [NamePattern, string])[] => Array.isArray(rename);

/** Without state (the flags `g` and `y`), whatever flags the caller's expression has. */
const expression = (pattern: NamePattern): RegExp => {
  if (typeof pattern !== 'string') return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  const literal = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${literal.join('(.*)')}${pattern.endsWith('.') ? '' : '$'}`, 's');
};

/**
 * Each `*` of the new name stands for the same characters as the `*` at its place in the old name. A regular expression has `$1` instead.
 */
function replaced(
  name: string,
  { from, to, search }: { readonly from: NamePattern; readonly to: string; readonly search: RegExp },
): string {
  if (typeof from !== 'string') return name.replace(search, to);
  const [whole = '', ...groups] = search.exec(name) ?? [];
  return to.replace(/\*/g, () => groups.shift() ?? '') + name.slice(whole.length);
}
