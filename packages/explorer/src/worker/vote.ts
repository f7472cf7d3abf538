import { evenlySpread } from '@netspace/zoo/internal';
import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { decodeAt } from './places/decode-at.js';
import { isRunnable } from './places/is-runnable.js';
import type { Session, VoterStack } from './session.js';
import { turn } from './messages/turns.js';

/** Networks that vote; of more, evenly spread ones. */
const MOST_VOTERS = 64;
/** Numbers of all their parameters together. */
const MOST_NUMBERS = 32_000_000;

/** Mean class probabilities of the map's networks, as decoded, for images `[batch, h, w, c]`: those of the first. */
export async function vote(
  session: Session,
  images: tf.Tensor,
  signal: AbortSignal,
): Promise<{ readonly vote: readonly number[]; readonly voters: number }> {
  session.voters.stacks ??= decodeVoters(session).catch((error: unknown) => {
    delete session.voters.stacks; // the next call tries again
    throw error;
  });
  const stacks = await session.voters.stacks;
  await turn(signal);
  const sums = tf.tidy(() => {
    const each = stacks.map(({ networks: { architecture, parameters } }) =>
      tf.sum(tf.softmax(tf.reshape(architecture.applyMany!(parameters, images), [-1, session.classes!])), 0),
    );
    return tf.addN(each);
  });
  const values = await sums.data();
  sums.dispose();
  const voters = stacks.reduce((sum, { count }) => sum + count, 0);
  return { vote: Array.from(values, (value) => value / voters), voters };
}

async function decodeVoters(session: Session): Promise<readonly VoterStack[]> {
  const { manifest, embeddings, size, space } = session;
  const largest = Math.max(...space.architectures.map(({ parameters }) => parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0))); // prettier-ignore
  const count = Math.min(manifest.networks.length, MOST_VOTERS, Math.max(1, Math.floor(MOST_NUMBERS / largest)));
  if (count === 0) throw new NetSpaceError('NOT_FOUND', 'classify: expected networks on the map that vote, got none; ask for no vote');
  const forever = new AbortController().signal; // others wait for the same networks
  const networks = new Map<number, (readonly tf.Tensor[])[]>();
  try {
    for (const row of evenlySpread(count, manifest.networks.length)) {
      await turn(forever);
      const { classId, prep, network } = await decodeAt(session, embeddings.slice(row * size, (row + 1) * size));
      prep.dispose();
      networks.set(classId, [...(networks.get(classId) ?? []), network.parameters]);
    }
    return [...networks]
      .filter(([classId]) => isRunnable(space.architectures[classId]!))
      .map(([classId, list]) => {
        const architecture = space.architectures[classId]!;
        const parameters = tf.tidy(() => architecture.parameters.map((_, i) => tf.stack(list.map((tensors) => tensors[i]!))));
        return { count: list.length, networks: { architecture, parameters } };
      });
  } finally {
    tf.dispose([...networks.values()].flat(2));
  }
}
