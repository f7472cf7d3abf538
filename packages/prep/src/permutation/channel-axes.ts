import type { ChannelPiece, ParameterSpec } from '../architecture.js';
import { NetSpaceError } from '../errors.js';

/** Which hidden channels the axes of an architecture's parameters run over, in one form. */
export interface ChannelAxes {
  /** How many channels each group has. */
  readonly groups: ReadonlyMap<string, number>;
  /** By parameter and axis: pieces one behind the other. */
  readonly axes: readonly (readonly (readonly ChannelPiece[])[])[];
}

/**
 * Reads the `channels` of specs.
 *
 * @throws NetSpaceError `INVALID_OPTION` if an axis is no multiple of its group, or its pieces are not as long as the axis
 */
export function channelAxes(caller: string, specs: readonly ParameterSpec[]): ChannelAxes {
  const groups = groupSizes(specs);
  const axes = specs.map(({ name, shape, channels = [] }) =>
    shape.map((size, axis): readonly ChannelPiece[] => {
      const given = channels[axis];
      if (given === undefined) return [[{ size }]];
      if (typeof given !== 'string') return checkedPieces(caller, { name, axis, size }, given, groups);
      const count = groups.get(given)!;
      if (size % count === 0) return [size === count ? [{ size, channels: given }] : [{ size: count, channels: given }, { size: size / count }]];
      throw new NetSpaceError(
        'INVALID_OPTION',
        `${caller}: expected axis ${axis} of ${name} to be a multiple of the ${count} channels of ${given}, got ${size}`,
      );
    }),
  ); // prettier-ignore
  return { groups, axes };
}

/** The smallest axis with a name has as many entries as there are channels. Other axes run over channels times pixels. */
function groupSizes(specs: readonly ParameterSpec[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  const note = (name: string, size: number) => sizes.set(name, Math.min(sizes.get(name) ?? Infinity, size));
  for (const { shape, channels = [] } of specs) {
    channels.forEach((given, axis) => {
      if (typeof given === 'string') note(given, shape[axis]!);
      else for (const factor of given?.flat() ?? []) if (factor.channels !== undefined) note(factor.channels, factor.size);
    });
  }
  return sizes;
}

function checkedPieces(
  caller: string,
  { name, axis, size }: { readonly name: string; readonly axis: number; readonly size: number },
  pieces: readonly ChannelPiece[],
  groups: ReadonlyMap<string, number>,
): readonly ChannelPiece[] {
  const other = pieces.flat().find((factor) => factor.channels !== undefined && groups.get(factor.channels) !== factor.size);
  const length = pieces.reduce((total, piece) => total + piece.reduce((product, factor) => product * factor.size, 1), 0);
  if (other === undefined && length === size) return pieces;
  const words =
    other === undefined
      ? `pieces of ${size} numbers for axis ${axis} of ${name}, got ${length}`
      : `${groups.get(other.channels!)} channels of ${other.channels} along axis ${axis} of ${name}, got ${other.size}`;
  throw new NetSpaceError('INVALID_OPTION', `${caller}: expected ${words}; take the channels that permutationSpec finds`);
}
