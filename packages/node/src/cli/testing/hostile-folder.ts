import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NetSpace } from '@netspace/model';
import { architectureByName, initialize, openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll } from 'vitest';

import { directoryFiles } from '../../files/directory-files.js';
import { fileHandler } from '../../files/file-handler.js';
import { selectRuntime } from '../../runtime/select-runtime.js';
import { cli } from './in-process.js';

export const architecture = 'lenet-like-1x28x28-10-w0.1';

/** Registers with the file that calls it: a folder for its tests, with a `zoo` of four networks and a `space` that is collapsed. */
export function hostileFolder() {
  let folder: string;
  const at = (...names: readonly string[]): string => join(folder, ...names);
  beforeAll(async () => {
    await selectRuntime({ prefer: 'wasm' });
    folder = await mkdtemp(join(tmpdir(), 'netspace-hostile-'));
    const lenet = architectureByName(architecture);
    const store = openInstanceStore(directoryFiles(at('zoo')));
    const instances = [];
    for (let seed = 0; seed < 4; seed++) {
      const instance = { architecture: lenet, parameters: initialize(lenet.parameters, { seed }) };
      instances.push(instance);
      await store.add({ name: `net-${seed}`, instance, epochs: 0, seed, metrics: { testAccuracy: 0.1 } });
    }
    // Its scale layer is zero: every embedding decodes to the first network.
    const start = { from: 'instance', instance: instances[0]! } as const;
    const space = new NetSpace({ architectures: [lenet], prepShape: [8, 192], preset: 'tiny', start });
    tf.tidy(() => space.variables['decoder/scalelayer.scale']!.assign(tf.zeros([8, 192])));
    await space.save(fileHandler(at('space')));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const space = () => ['--space', at('space')];
  return {
    at,
    cli,
    space,
    both: () => [...space(), '--zoo', at('zoo')],
    write: (name: string, content: unknown) => writeFile(at(name), typeof content === 'string' ? content : JSON.stringify(content)),
  };
}
