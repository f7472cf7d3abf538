import { execFile } from 'node:child_process';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { NetSpace, type NetSpaceConfig } from '@netspace/model';
import { directoryFiles, fileHandler } from '@netspace/node';
import { disposeInstances, type Instance } from '@netspace/prep';
import { architectureByName, openInstanceStore, type InstanceRecord } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { root } from '../shared/root.js';

export interface PretrainedSource {
  /** Folder of a trained space. */
  readonly space: string;
  /** Folders of zoos. */
  readonly zoos: readonly string[];
  /** Which of their instances the space was never trained on; it was on the others. */
  readonly isHeldOut: (record: InstanceRecord) => boolean;
  /** What `netspace evaluate --data` takes; shapes need none. */
  readonly data: string | undefined;
}

/** What came of it. */
export interface Pretrained {
  readonly config: NetSpaceConfig;
  readonly megabytes: number;
  /** What `netspace evaluate --json` says of the files as they are, in float16. */
  readonly evaluation: unknown;
}

/**
 * Writes `space/` and `zoo-heldout/` of a folder, both in float16, and `embeddings.json`, where the networks trained on lie in the space, by
 * name; then measures the space on the zoo as anybody else would.
 */
export async function exportPretrained(folder: string, { space: from, zoos, isHeldOut, data }: PretrainedSource): Promise<Pretrained> {
  await rm(folder, { recursive: true, force: true });
  const space = await NetSpace.load(fileHandler(from), { architectures: architectureByName });
  await space.save(fileHandler(join(folder, 'space')), { dtype: 'float16' });

  const known: Record<string, readonly number[]> = {};
  const kept = openInstanceStore(directoryFiles(join(folder, 'zoo-heldout')), { dtype: 'float16' });
  for (const store of zoos.map((zoo) => openInstanceStore(directoryFiles(zoo)))) {
    for (const record of await store.list()) {
      const { name, epochs, seed, metrics } = record;
      const { record: _, ...instance } = await store.load(name);
      if (isHeldOut(record)) await kept.add({ name, instance, epochs, seed, metrics });
      else known[name] = embeddingOf(space, instance);
      disposeInstances([instance]);
    }
  }
  await writeFile(join(folder, 'embeddings.json'), `${JSON.stringify(known)}\n`);
  const { config } = space;
  space.dispose();
  return { config, evaluation: await evaluate(folder, data), megabytes: (await bytesIn(folder)) / 1e6 };
}

/** As many digits as float16 weights are worth. */
function embeddingOf(space: NetSpace, instance: Instance): readonly number[] {
  const embedding = tf.tidy(() => space.encode([instance]).dataSync<'float32'>());
  return [...embedding].map((value) => Number(value.toPrecision(5)));
}

/** Runs the command that users run. */
async function evaluate(folder: string, data: string | undefined): Promise<unknown> {
  const main = join(root, 'packages/node/src/cli/main.ts');
  const args = ['evaluate', '--space', join(folder, 'space'), '--zoo', join(folder, 'zoo-heldout'), ...(data === undefined ? [] : ['--data', data])];
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', main, ...args, '--json'], {
    cwd: root,
    env: { ...process.env, TSX_TSCONFIG_PATH: `${root}tsconfig.json` },
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout);
}

async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files.filter((file) => file.isFile()).map(async (file) => (await stat(join(file.parentPath, file.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

export const writeCard = (folder: string, text: string): Promise<void> => writeFile(join(folder, 'card.md'), text);
