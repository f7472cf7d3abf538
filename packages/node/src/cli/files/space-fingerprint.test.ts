import { NetSpace } from '@netspace/model';
import { disposeInstances } from '@netspace/prep';
import { initialize, siren } from '@netspace/zoo';
import '@tensorflow/tfjs';
import { expect, it } from 'vitest';

import { spaceFingerprint } from './space-fingerprint.js';

it('tells spaces of the same weights but other directions apart', async () => {
  const architecture = siren({ hidden: 4, layers: 0 });
  const of = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
  const options = { architectures: [architecture], prepShape: [4, 8], preset: 'tiny', units: { of } } as const;
  const given = [undefined, {}, { seed: 1 }, { scale: 2 }, { seed: 0, scale: 3 }]; // the last is the second
  const spaces = given.map((directions) => new NetSpace({ ...options, directions }));
  const prints = await Promise.all(spaces.map(spaceFingerprint));
  expect(prints[4]).toBe(prints[1]);
  expect(new Set(prints).size).toBe(4);
  spaces.forEach((space) => space.dispose());
  disposeInstances(of);
});
