import type { StoredInstance } from '@netspace/zoo';

import type { Called } from '../called.js';

/** What to know of a space that learns from one network; nothing if it learns from more. */
export function loneNetworkNote(
  entries: readonly Pick<StoredInstance, 'name'>[],
  heldOut: readonly string[],
  { zoo, netspace = 'netspace' }: { readonly zoo: string } & Called,
): string | undefined {
  const [lone, another] = entries;
  if (lone === undefined || another !== undefined) return undefined;
  const remedy =
    heldOut.length > 0
      ? `hold out fewer than ${heldOut.length} (holdOut in the config), or add networks to ${zoo}`
      : `add networks to ${zoo}: more seeds, lengths or meshes in its recipe, and the same ${netspace} zoo build again`;
  return `warning: the space learns from one network, ${lone.name}: every embedding will decode to about that one; ${remedy}`;
}
