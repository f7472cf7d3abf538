import { expect, it } from 'vitest';

import { indexedDbCheckpoint } from './indexed-db.js';

// What it does where there is IndexedDB is tested in a browser: ../train-in-browser.test.ts.
it('indexedDbCheckpoint says where there is no IndexedDB, as in Node, and what to use', async () => {
  const storage = indexedDbCheckpoint('run');
  expect(storage.name).toBe('indexeddb://netspace/run');
  for (const call of [() => storage.read(), () => storage.write(Uint8Array.of(1))]) {
    await expect(call()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/checkpointFile of @netspace\/node/) as string,
    });
  }
});
