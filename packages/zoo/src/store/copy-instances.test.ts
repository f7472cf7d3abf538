import '@tensorflow/tfjs';
import { readSafetensors, writeSafetensors } from '@netspace/formats';
import { describe, expect, it } from 'vitest';

import { siren } from '../architectures/siren.js';
import { initialize } from '../initialize.js';
import { copyInstances } from './copy-instances.js';
import { openInstanceStore } from './instance-store.js';
import { sha256 } from './files/sha256.js';
import { memoryFiles, type StoreFiles } from './files/store-files.js';

const architecture = siren({ hidden: 4 });
const entry = (name: string, classId?: number) => {
  const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
  return { name, instance, epochs: 1, seed: 1, metrics: { mse: 2 }, ...(classId !== undefined && { classId }) };
};
/** A store as a stranger may have made it: its manifest is changed by hand. */
async function changed(files: StoreFiles, change: (manifest: string) => string): Promise<void> {
  const manifest = new TextDecoder().decode(await files.read('manifest.json'));
  await files.write('manifest.json', new TextEncoder().encode(change(manifest)));
}

describe('copyInstances', () => {
  it('keeps facts, bytes and the ClassIds that were given by hand', async () => {
    const [from, to] = [memoryFiles(), memoryFiles()];
    const store = openInstanceStore(from);
    await store.addAll([entry('a', 3), entry('b', 3)]);
    const records = await store.list();
    await copyInstances(from, to, { records });
    expect(await openInstanceStore(to).list()).toEqual(records);
    expect(await openInstanceStore(to).verify()).toEqual([]);
  });

  it('refuses a ClassId that is no number before anything is written, so that the other store can still be read', async () => {
    const [from, to] = [memoryFiles(), memoryFiles()];
    await openInstanceStore(to).add(entry('there'));
    const store = openInstanceStore(from, { layout: 'files' });
    const { file, sha256: before } = await store.add(entry('strange', 3));
    const { tensors, metadata } = readSafetensors(await from.read(file));
    const bytes = writeSafetensors(tensors, { metadata: { ...metadata, classId: 'x' } });
    await from.write(file, bytes);
    const after = await sha256(bytes);
    await changed(from, (text) => text.replaceAll(`"${before}"`, `"${after}"`));
    const records = await openInstanceStore(from).list();
    await expect(copyInstances(from, to, { records })).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    expect((await openInstanceStore(to).list()).map(({ name }) => name)).toEqual(['there']);
  });

  it.each([
    ['"mse": 2', '"mse": 1e999'],
    ['"epochs": 1', '"epochs": 1e999'],
  ])('never sees a number that could not be written again: %s as %s', async (right, wrong) => {
    const from = memoryFiles();
    await openInstanceStore(from, { layout: 'files' }).add(entry('strange'));
    await changed(from, (text) => text.replace(right, wrong));
    await expect(openInstanceStore(from).list()).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
  });
});
