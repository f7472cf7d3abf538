import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ExplorerManifest } from '@netspace/explorer';
import { readSafetensors, writeSafetensors } from '@netspace/formats';

/** Writes a folder like another, with each of its networks so often that there are `count`, a little apart. */
export async function writeCrowdFolder(from: string, folder: string, count: number): Promise<void> {
  await cp(from, folder, { recursive: true });
  const manifest = JSON.parse(await readFile(join(from, 'explorer.json'), 'utf8')) as ExplorerManifest;
  const { tensors } = readSafetensors(new Uint8Array(await readFile(join(from, 'embeddings.safetensors'))));
  const { data, shape } = tensors.get('embeddings')!;
  const size = shape[1]!;
  const few = manifest.networks.length;
  const values = Float32Array.from({ length: count * size }, (_, i) => {
    const row = Math.floor(i / size);
    const [a, b] = [Number(data[(row % few) * size + (i % size)]), Number(data[((row * 7 + 1) % few) * size + (i % size)])];
    return a + (b - a) * ((row * 0.618) % 1);
  });
  const networks = Array.from({ length: count }, (_, row) => ({ ...manifest.networks[row % few]!, name: `network ${row}` }));
  const names = JSON.stringify(networks.map(({ name }) => name));
  const embeddings = new Map([['embeddings', { dtype: 'F32' as const, shape: [count, size], data: values }]]);
  await writeFile(join(folder, 'embeddings.safetensors'), writeSafetensors(embeddings, { metadata: { names } }));
  const { zoo: _zoo, ...rest } = manifest;
  await writeFile(join(folder, 'explorer.json'), JSON.stringify({ ...rest, networks }));
}
