import { NetSpaceError } from '@netspace/prep';

/**
 * Reads a path from which names are taken: `*` stands for any characters but `/`.
 *
 * @returns what stands for the `*` of a path that fits, joined by `-`; undefined for one that does not
 * @throws NetSpaceError `INVALID_OPTION` if there is no `*`
 */
export function pathPattern(pattern: string): (path: string) => string | undefined {
  const parts = pattern.split('*');
  if (parts.length < 2 || parts.length > 9) {
    throw new NetSpaceError('INVALID_OPTION', `zoo import: expected --names with one to eight *, such as 'run_*/model.pt', got '${pattern}'; what stands for them is a network's name`); // prettier-ignore
  }
  const escaped = parts.map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  const expression = new RegExp(`^${escaped.join('([^/]*?)')}$`);
  return (path) => (path.length > 4096 ? undefined : expression.exec(path)?.slice(1).join('-'));
}
