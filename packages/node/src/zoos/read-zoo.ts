import { readdir } from 'node:fs/promises';

import { fileProblem } from '../files/file-problem.js';
import { checkpointFiles } from './layouts/checkpoint-files.js';
import type { FilesOf, FoundZoo, ZooLayout, ZooSource } from './found-network.js';
import { huggingFace } from './layouts/hugging-face.js';
import { inr2vec } from './layouts/inr2vec.js';
import { isRun, rayTune } from './layouts/ray-tune.js';
import { smallCnn } from './layouts/small-cnn.js';
import { walkFiles } from './walk-files.js';

const READERS: Readonly<Record<ZooLayout, (source: ZooSource, files: FilesOf) => Promise<FoundZoo>>> = {
  files: checkpointFiles,
  'ray-tune': rayTune,
  'small-cnn': smallCnn,
  inr2vec,
  'hugging-face': huggingFace,
};

/** Finds the networks of somebody else's zoo; its files show its layout. */
export async function readZoo(source: ZooSource, layout?: ZooLayout): Promise<FoundZoo> {
  let walk: Promise<readonly string[]> | undefined;
  const files: FilesOf = () => (walk ??= walkFiles(source.folder)); // millions of files are walked once
  return READERS[layout ?? (await layoutOf(source, files))](source, files);
}

async function layoutOf({ folder, pattern }: ZooSource, files: FilesOf): Promise<ZooLayout> {
  if (pattern !== undefined) return 'files';
  const names = await readdir(folder).catch((error: unknown) => {
    throw fileProblem('zoo import', folder, error);
  });
  if (names.includes('weights.npy') && names.includes('layout.csv')) return 'small-cnn';
  if (names.some(isRun)) return 'ray-tune';
  const all = await files();
  if (all.some((path) => path === 'config.json' || path.endsWith('/config.json'))) return 'hugging-face';
  return all.some((path) => /\.(h5|hdf5)$/i.test(path)) ? 'inr2vec' : 'files';
}
