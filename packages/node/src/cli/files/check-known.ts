import type { NetSpace } from '@netspace/model';
import { NetSpaceError } from '@netspace/prep';

/** A network, or what was asked for, with the name of its architecture. */
interface Asked {
  /** For the reader, such as `net-1 in zoo`. */
  readonly what: string;
  readonly architecture: string;
}

/**
 * Checks that a space knows an architecture, before anything is computed.
 *
 * @throws NetSpaceError `NOT_FOUND`, naming the space's folder, what is of another architecture, and what to do
 */
export function checkKnown(command: string, { architectures }: NetSpace, folder: string, asked: readonly Asked[]): void {
  const names = architectures.map(({ name }) => name);
  const stranger = asked.find(({ architecture }) => !names.includes(architecture));
  if (stranger === undefined) return;
  throw new NetSpaceError(
    'NOT_FOUND',
    `${command}: expected an architecture that the space in ${folder} knows (${names.join(', ')}), got ${stranger.architecture} (${stranger.what}); leave it out, or train a space that knows it: architectures in the config of netspace train`,
  );
}
