import { NetSpaceError } from '@netspace/prep';

/**
 * The names that fit one of some patterns, in their own order; `*` stands for any characters.
 *
 * @throws NetSpaceError `NOT_FOUND` naming the first pattern that fits none
 */
export function matchingNames(names: readonly string[], patterns: readonly string[], option: string, what = 'networks'): readonly string[] {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const fitting = names.filter((name) => fits(name, pattern));
    if (fitting.length === 0) {
      const some = names.slice(0, 3).join(', ');
      throw new NetSpaceError('NOT_FOUND', `expected ${option} to name ${what}, got '${pattern}', which fits none; there are ${some}${names.length > 3 ? '…' : ''}`); // prettier-ignore
    }
    for (const name of fitting) found.add(name);
  }
  return names.filter((name) => found.has(name));
}

/** Part by part from the left, so that no pattern takes longer than its length times the name's. */
function fits(name: string, pattern: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  const last = parts.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.endsWith(last) && name.length - last.length >= at;
}
