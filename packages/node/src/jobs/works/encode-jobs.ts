import type { NetSpace } from '@netspace/model';
import { runningMemory } from '@netspace/train/internal';

import { architecturesIn } from '../../architectures/architectures-in.js';
import type { Called } from '../../cli/called.js';
import { checkKnown } from '../../cli/files/check-known.js';
import { openSpace } from '../../cli/files/open-space.js';
import { openZoo } from '../../cli/files/open-zoo.js';
import { spaceFingerprint } from '../../cli/files/space-fingerprint.js';
import { pickRecords } from '../../cli/options/zoo-options.js';
import type { Job } from '../job.js';
import { networkJobs } from './network-jobs.js';
import type { EncodeSource } from './work-source.js';

/** Networks of one job. */
const EACH = 8;
/**
 * How often a process holds the weights of the space: as it reads them, as it keeps them, and what its layers give in between. With a space of 31 MiB, of the preset
 * `paper`, that gives 670 MiB; `zoo encode` took 631 MiB at its highest on `tensorflow`, and 534 MiB with the space of `pretrained/digits`, of 0.4 MiB.
 */
const COPIES = 4;
const spaceBytes = ({ variables }: NetSpace): number => 4 * Object.values(variables).reduce((sum, { size }) => sum + size, 0);

/**
 * Jobs that encode the networks of a zoo. A network gives its embedding, as 32-bit floating-point numbers.
 *
 * @throws NetSpaceError `NOT_FOUND` if the space does not know an architecture; as `openZoo` and `openSpace`
 */
export async function encodeJobs(
  zoo: string,
  { space: folder, instance }: EncodeSource,
  { space: given, ...called }: Called & { readonly space?: NetSpace } = {},
): Promise<readonly Job[]> {
  const { store, records } = await openZoo(zoo, { ...called, runs: instance });
  const chosen = pickRecords(records, instance, zoo, called);
  const space = given ?? (await openSpace(folder, { note: () => undefined }, [zoo]));
  checkKnown('zoo encode', space, folder, chosen.map(({ name, architecture }) => ({ what: `${name} in ${zoo}`, architecture }))); // prettier-ignore
  const find = await architecturesIn(zoo);
  return networkJobs({
    ...{ what: 'encode', store, records: chosen, each: EACH, data: [] },
    settings: { space: await spaceFingerprint(space) },
    memoryOf: (names) => runningMemory(names.map(find), { batchSize: 0, data: [], own: COPIES * spaceBytes(space) }),
    async bytesOf(network) {
      const embedding = space.encode([network]);
      try {
        return new Uint8Array(Float32Array.from(await embedding.data()).buffer);
      } finally {
        embedding.dispose();
      }
    },
  });
}
