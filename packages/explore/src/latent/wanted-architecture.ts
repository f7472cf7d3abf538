import type { NetSpace } from '@netspace/model';
import { type Architecture, NetSpaceError } from '@netspace/prep';
import { ofOutput } from '@netspace/prep/internal';

/** What an objective in a space compares: networks of one architecture, by one output. */
interface Wanted {
  readonly classId?: number | undefined;
  readonly output?: string | undefined;
}

/**
 * The ClassId that the result of an optimization should have, and the output of that architecture that is compared.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the space has several architectures and `classId` is missing or is none of them, or if the architecture
 * has several outputs and none is named; `NOT_FOUND` if none has the name
 */
export function wantedArchitecture(
  caller: string,
  { architectures }: Pick<NetSpace, 'architectures'>,
  { classId, output }: Wanted,
): { readonly own: number; readonly compared: Architecture } {
  const own = classId ?? (architectures.length === 1 ? 0 : -1);
  const architecture = architectures[own];
  if (architecture === undefined) {
    const names = architectures.map(({ name }, i) => `${i} (${name})`).join(', ');
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected a classId of ${names}, got ${classId ?? 'none'}`);
  }
  return { own, compared: ofOutput(caller, architecture, output) };
}
