import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ExplorerManifest } from '@netspace/explorer';
import { type RawTensor, writeSafetensors } from '@netspace/formats';
import { NetSpace } from '@netspace/model';
import { registerFileHandler } from '@netspace/node';
import { disposeInstances } from '@netspace/prep';
import { initialize, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

/** Embeddings of a space that nobody trained lie so close together that their shapes look the same. */
const APART = 40;

/** Writes a folder as `netspace export` does: a space of small SIRENs that nobody trained; their surfaces are of no meaning, but are there. */
export async function writeShapesFolder(folder: string): Promise<ExplorerManifest> {
  registerFileHandler();
  await mkdir(folder, { recursive: true });
  const architecture = siren({ inputs: 3, hidden: 16, layers: 1, outputs: 1, omega: 10 });
  const instances = [3, 4, 5, 6, 7].map((seed) => ({
    architecture,
    parameters: initialize(architecture.parameters, { seed, scheme: 'siren' }),
  }));
  // The first of them has a surface, and all that is decoded begins like it.
  const space = new NetSpace({ architectures: [architecture], prepShape: [8, 48], preset: 'tiny', start: { from: 'instance', instance: instances[0]! }, seed: 1 }); // prettier-ignore
  const encoded = tf.mul(space.encode(instances), APART);
  const { embeddingSize } = space.config;
  const names = instances.map((_, i) => `shape ${i}`);
  const data = new Float32Array(await encoded.data());
  const embeddings = new Map<string, RawTensor>([['embeddings', { dtype: 'F32', shape: [names.length, embeddingSize], data }]]);
  await space.save(`file://${join(folder, 'space')}`, { dtype: 'float16' });
  await writeFile(join(folder, 'embeddings.safetensors'), writeSafetensors(embeddings, { metadata: { names: JSON.stringify(names) } }));
  const manifest: ExplorerManifest = {
    ...{ schemaVersion: 1, title: 'Shapes', description: 'SIRENs that nobody trained', kind: 'sdf' },
    ...{ space: 'space/space.json', embeddings: 'embeddings.safetensors' },
    networks: names.map((name, i) => ({ name, architecture: architecture.name, heldOut: i === 4, metrics: { iou: 0.2 * i } })),
  };
  await writeFile(join(folder, 'explorer.json'), JSON.stringify(manifest));
  encoded.dispose();
  disposeInstances(instances);
  space.dispose();
  return manifest;
}
