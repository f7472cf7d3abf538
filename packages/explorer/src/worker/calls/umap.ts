import { NetSpaceError } from '@netspace/prep';

import { spawnWorker } from '../../client/spawn-worker.js';
import type { Calls } from '../messages/protocol.js';
import type { Session } from '../session.js';
import type { UmapAnswer } from '../umap/umap-worker.js';
import url from '../umap/umap-worker.ts?worker&url';
import type { CallContext } from './call-context.js';

/** Beyond, the search for neighbors takes minutes and gigabytes. */
const MOST_NETWORKS = 20_000;
const LEAST_NETWORKS = 4;

/**
 * Places by UMAP, in a worker of its own: its search for neighbors cannot be interrupted, and nothing else is to wait for it.
 *
 * @see McInnes, Healy, Melville, "UMAP: Uniform Manifold Approximation and Projection", arXiv:1802.03426
 */
export async function umap(
  { embeddings, size, manifest }: Session,
  { neighbors }: Calls['umap']['request'],
  { signal, progress }: CallContext<Calls['umap']['progress']>,
): Promise<Calls['umap']['answer']> {
  const count = manifest.networks.length;
  if (count < LEAST_NETWORKS || count > MOST_NETWORKS) {
    throw new NetSpaceError('LIMIT_EXCEEDED', `umap: expected ${LEAST_NETWORKS} to ${MOST_NETWORKS} networks, got ${count}; stay with the principal components`); // prettier-ignore
  }
  if (!(Number.isInteger(neighbors) && neighbors >= 2 && neighbors <= 200)) {
    throw new NetSpaceError('INVALID_OPTION', `umap: expected 2 to 200 neighbors, got ${neighbors}; 15 is usual`);
  }
  const worker = spawnWorker(new URL(url, import.meta.url).href, 'netspace-umap');
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new NetSpaceError('ABORTED', 'umap: stopped, or replaced by a newer call')));
      worker.onerror = ({ message }) => reject(failed(message));
      worker.onmessage = ({ data }: MessageEvent<UmapAnswer>) => {
        if ('done' in data) progress(data);
        else if ('points' in data) resolve(data);
        else reject(failed(data.problem));
      };
      worker.postMessage({ values: embeddings, size, neighbors });
    });
  } finally {
    worker.terminate();
  }
}

const failed = (words: string): NetSpaceError =>
  new NetSpaceError('UNAVAILABLE', `umap: expected places, got an error: ${words}; stay with the principal components`);
