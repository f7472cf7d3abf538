import { NetSpaceError } from '@netspace/prep';
import { brief } from '../pytorch/limits.js';

/** A name, a name with `*` for any run of characters, a prefix that ends in a dot, or a regular expression. */
export type NamePattern = string | RegExp;

/** New names by old ones: exact names in an object, or pairs of a pattern and its replacement, of which the first that fits counts. */
export type Rename = Readonly<Record<string, string>> | readonly (readonly [from: NamePattern, to: string])[];

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
        `${caller}: expected rename to keep names apart, got ${brief(to)} for ${brief(other)} and ${brief(name)}`,
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

/** Stateless, whatever flags the caller's expression has. */
const expression = (pattern: NamePattern): RegExp => {
  if (typeof pattern !== 'string') return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  const literal = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${literal.join('(.*)')}${pattern.endsWith('.') ? '' : '$'}`, 's');
};

/** Each `*` of the new name stands for what the `*` of the old one at its place stood for; a regular expression has `$1`. */
function replaced(
  name: string,
  { from, to, search }: { readonly from: NamePattern; readonly to: string; readonly search: RegExp },
): string {
  if (typeof from !== 'string') return name.replace(search, to);
  const [whole = '', ...groups] = search.exec(name) ?? [];
  return to.replace(/\*/g, () => groups.shift() ?? '') + name.slice(whole.length);
}
