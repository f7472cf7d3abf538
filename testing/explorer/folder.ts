import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type RawTensor, writeSafetensors } from '@netspace/formats';
import type { ExplorerManifest } from '@netspace/explorer';
import { NetSpace } from '@netspace/model';
import { directoryFiles, loadMnist, registerFileHandler } from '@netspace/node';
import { type Architecture, disposeInstances } from '@netspace/prep';
import { architectureByName, initialize, openInstanceStore } from '@netspace/zoo';

const ARCHITECTURES = ['lenet-like-1x28x28-10-w0.25', 'vanilla-cnn-1x28x28-10-w0.25', 'resnet8-1x28x28-10-w0.125'];
const CLASSES = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** What is in a folder; each architecture has four networks. */
export interface DigitsFolder {
  readonly images?: number;
  readonly architectures?: readonly Architecture[];
}

/**
 * Writes a folder as `netspace export` does: a space of three classifiers of digits that nobody trained, with twelve networks, of which eight
 * have their weights here, and a sample of real digits. Its places differ, which is all that most tests ask of it.
 */
export async function writeDigitsFolder(
  folder: string,
  { images = 100, architectures = ARCHITECTURES.map(architectureByName) }: DigitsFolder = {},
): Promise<ExplorerManifest> {
  registerFileHandler();
  await mkdir(folder, { recursive: true });
  const instances = architectures.flatMap((architecture) =>
    [1, 2, 3, 4].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) })),
  );
  const space = new NetSpace({ architectures, prepShape: [16, 768], preset: 'tiny', units: { of: instances }, seed: 1 });
  const encoded = space.encode(instances);
  const { embeddingSize } = space.config;
  const networks = instances.map(({ architecture }, i) => ({
    ...{
      name: `${architecture.name}-s${1 + (i % 4)}`,
      architecture: architecture.name,
      heldOut: i % 4 === 3,
      length: i % 4,
      seed: 1 + (i % 4),
    },
    metrics: { testAccuracy: 0.1 + 0.07 * i, predictedAccuracy: 0.12 + 0.06 * i },
  }));
  const store = openInstanceStore(directoryFiles(join(folder, 'zoo')), { layout: 'files' }); // as netspace export does
  for (const [i, { name, seed, length, metrics }] of networks.entries()) {
    if (i % 4 < 2) await store.add({ name, instance: instances[i]!, epochs: length, seed, metrics });
  }
  await space.save(`file://${join(folder, 'space')}`, { dtype: 'float16' });
  await writeEmbeddings(
    folder,
    networks.map(({ name }) => name),
    new Float32Array(await encoded.data()),
    embeddingSize,
  );
  const { test } = await loadMnist({ train: 1, test: images });
  const sample = new Map<string, RawTensor>([
    ['images', { dtype: 'U8', shape: [images, 1, 28, 28], data: Uint8Array.from(test.images) }],
    ['labels', { dtype: 'U8', shape: [images], data: Uint8Array.from(test.labels) }],
  ]);
  await writeFile(join(folder, 'sample.safetensors'), writeSafetensors(sample));
  const manifest: ExplorerManifest = {
    ...{ schemaVersion: 1, title: 'Digits', description: 'Three classifiers of digits that nobody trained', kind: 'classifier' },
    ...{ space: 'space/space.json', embeddings: 'embeddings.safetensors', zoo: 'zoo/manifest.json', networks, classes: CLASSES },
    sample: { file: 'sample.safetensors', mean: [...test.mean], std: [...test.std], source: `MNIST test images 0 to ${images - 1}` },
  };
  await writeManifest(folder, manifest);
  encoded.dispose();
  disposeInstances(instances);
  space.dispose();
  return manifest;
}

const writeManifest = (folder: string, manifest: ExplorerManifest): Promise<void> =>
  writeFile(join(folder, 'explorer.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);

async function writeEmbeddings(folder: string, names: readonly string[], data: Float32Array, size: number): Promise<void> {
  const tensors = new Map<string, RawTensor>([['embeddings', { dtype: 'F32', shape: [names.length, size], data }]]);
  await writeFile(join(folder, 'embeddings.safetensors'), writeSafetensors(tensors, { metadata: { names: JSON.stringify(names) } }));
}
