import { NetSpaceError, parameterCount, type Architecture, type PRepShape } from '@netspace/prep';
import { neededHeight } from '@netspace/prep/internal';

/**
 * Orders a family of architectures by parameter count. The index of each is then its ClassId. Equal counts keep their order.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the family is empty or has an architecture twice, `SHAPE_MISMATCH` if one does not fit the PRep
 */
export function sortedArchitectures(caller: string, architectures: readonly Architecture[], prepShape: PRepShape): readonly Architecture[] {
  if (architectures.length === 0) {
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected at least one architecture, got none`);
  }
  const names = new Set<string>();
  const [height, width] = prepShape;
  for (const architecture of architectures) {
    const count = parameterCount(architecture.parameters);
    if (names.has(architecture.name)) {
      throw new NetSpaceError('INVALID_OPTION', `${caller}: expected each architecture once, got ${architecture.name} twice`);
    }
    if (count > height * width) {
      throw new NetSpaceError(
        'SHAPE_MISMATCH',
        `${caller}: expected architectures of at most ${height * width} parameters for PReps of ${height}×${width}, got ${count} of ${architecture.name}; use ${largeEnough(count, prepShape).join('×')}`,
      );
    }
    names.add(architecture.name);
  }
  return [...architectures].sort((a, b) => parameterCount(a.parameters) - parameterCount(b.parameters));
}

/** A PRep with more rows than this is widened instead, to the 8 rows that `suggestSpace` gives an architecture. */
const MOST_ROWS = 32;

/** The nearest PRep shape that holds this number of parameters. It has more rows, or longer rows if there would be too many. */
function largeEnough(parameters: number, [height, width]: PRepShape): PRepShape {
  const rows = neededHeight(parameters, width);
  if (rows <= Math.max(MOST_ROWS, height)) return [rows, width];
  const kept = Math.max(8, height);
  return [kept, Math.ceil(parameters / kept / 8) * 8];
}
