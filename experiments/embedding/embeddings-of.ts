import type { NetSpace } from '@netspace/model';

import type { Member } from '../shared/zoo-stage.js';

/** One row of numbers a network. */
export async function embeddingsOf(space: NetSpace, members: readonly Member[]): Promise<number[][]> {
  const tensor = space.encode(members.map(({ instance }) => instance));
  const rows = await tensor.array();
  tensor.dispose();
  return rows;
}
