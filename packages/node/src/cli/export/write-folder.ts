import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { RefinementOptions } from '@netspace/explore';
import { NetSpace } from '@netspace/model';
import { disposeInstances } from '@netspace/prep';
import type { Dataset, ImageDataset, InstanceRecord, InstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { architecturesIn, keepArchitectures } from '../../architectures/architectures-in.js';
import { openZooFolder } from '../../architectures/open-zoo-folder.js';
import { fileHandler } from '../../files/file-handler.js';
import { writeAtomically } from '../../files/write-atomically.js';
import type { CommandContext } from '../command-context.js';
import { writeEmbeddings } from '../files/embedding-file.js';
import { copyKnown } from '../files/known-file.js';
import type { ExplorerManifest, MappedNetwork } from '@netspace/explorer';
import type { MeasuredTask, SpaceTask } from '../measured-task.js';
import { counted } from '../output/counted.js';
import { networkProgress } from '../output/network-progress.js';
import { placeNetwork } from './place-network.js';
import { sampleFile } from './sample-file.js';

/** A network to export. */
export interface NetworkToExport {
  readonly store: InstanceStore;
  readonly record: InstanceRecord;
  readonly heldOut: boolean;
  /** Whether its weights are to be there too. */
  readonly weights: boolean;
}

/** What goes into a folder. */
export interface FolderContent {
  readonly networks: readonly NetworkToExport[];
  /** To measure networks on. */
  readonly dataset: Dataset | undefined;
  readonly task: SpaceTask;
  /** How encodings are refined; without it, networks are shown at their encodings. */
  readonly refine: RefinementOptions | undefined;
  /** Whether the space learned with free embeddings. */
  readonly free: boolean;
  /** Folder of the space, whose known embeddings go along. */
  readonly from: string;
  /** Images to put there, with the set that they are taken from. */
  readonly sample: { readonly dataset: ImageDataset; readonly count: number } | undefined;
  /** A file to put there as `card.md`. */
  readonly card: string | undefined;
  readonly facts: Pick<ExplorerManifest, 'title' | 'command' | 'versions' | 'license' | 'classes'> & {
    readonly description: string | undefined;
  };
}

/**
 * Writes all of an exported folder. The space is written first, and what is measured is what the files as they are give.
 *
 * @param folder new or empty; empty again after an error
 */
export async function writeFolder(
  folder: string,
  space: NetSpace,
  content: FolderContent,
  context: CommandContext,
): Promise<ExplorerManifest> {
  await mkdir(folder, { recursive: true });
  try {
    const place = join(folder, 'space');
    await space.save(fileHandler(place), { dtype: 'float16' });
    await keepArchitectures(place, space.architectures);
    const find = await architecturesIn(place);
    const written = await NetSpace.load(fileHandler(place), { architectures: (name) => find(name) });
    try {
      const known = await copyKnown(content.from, space, place, written);
      return await writeAround(folder, written, { ...content, ...(known && { known: `space/${known}` }) }, context);
    } finally {
      written.dispose();
    }
  } catch (error) {
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
    throw error;
  }
}

async function writeAround(
  folder: string,
  space: NetSpace,
  content: FolderContent & { readonly known?: string },
  context: CommandContext,
): Promise<ExplorerManifest> {
  const { networks, sample, card, task, facts } = content;
  const all = networks.every(({ weights }) => weights);
  const zoo = all ? 'zoo' : 'zoo-heldout';
  const kept = await openZooFolder(join(folder, zoo), { dtype: 'float16', layout: 'files' }); // any server has them
  const { rows, described } = await eachNetwork(space, content, kept, context);
  const names = networks.map(({ record }) => record.name);
  await writeEmbeddings(join(folder, 'embeddings.safetensors'), { names, embeddings: tf.concat(rows, 0) }, space);
  tf.dispose(rows);
  const images = sample && sampleFile(sample.dataset, sample.count, 'sample.safetensors');
  if (images !== undefined) await writeAtomically(join(folder, images.facts.file), images.bytes);
  if (card !== undefined) await copyFile(card, join(folder, 'card.md'));
  // The page classifies with the only output there is; of several it would take the first.
  const isClassifier = task.task === 'classification' && space.architectures.every(({ outputs = [] }) => outputs.length <= 1);
  const kind = task.task === 'sdf' ? 'sdf' : isClassifier ? 'classifier' : 'other';
  const { title, description = descriptionOf(space, networks.length, task.task), classes, license, command, versions } = facts;
  const manifest: ExplorerManifest = {
    ...{
      schemaVersion: 1,
      title,
      description,
      kind,
    },
    ...{ space: 'space/space.json', embeddings: 'embeddings.safetensors' },
    ...(networks.some(({ weights }) => weights) && { zoo: `${zoo}/manifest.json` }),
    networks: described,
    ...(content.refine?.steps !== undefined && { refineSteps: content.refine.steps }),
    ...(content.free && { freeEmbeddings: true }),
    ...(content.known !== undefined && { known: content.known }),
    ...(classes !== undefined && isClassifier && { classes }),
    ...(images !== undefined && { sample: images.facts }),
    ...(license !== undefined && { license }),
    ...{ command, versions },
  };
  await writeAtomically(join(folder, 'explorer.json'), `${JSON.stringify(manifest, undefined, 1)}\n`);
  return manifest;
}

/** Encodes, measures and keeps one network after the other: any number of them fits. */
async function eachNetwork(
  space: NetSpace,
  { networks, dataset, task, refine }: FolderContent,
  kept: InstanceStore,
  context: CommandContext,
): Promise<{ readonly rows: tf.Tensor2D[]; readonly described: readonly MappedNetwork[] }> {
  const { signal } = context;
  const bar = networkProgress('export', { names: networks.map(({ record }) => record.name), refine: refine?.steps }, context);
  const rows: tf.Tensor2D[] = [];
  const described: MappedNetwork[] = [];
  try {
    for (const { store, record, heldOut, weights } of networks) {
      await context.throwIfStopped();
      const { record: _, ...instance } = await store.load(record.name);
      const { name, architecture, epochs, seed } = record;
      const refining = { dataset, task, refine: refine && { ...refine, onStep: bar.onStep }, signal };
      const { embedding, measured } = await placeNetwork(space, { name, instance, record }, refining);
      const metrics = { ...record.metrics, ...measured };
      rows.push(embedding);
      if (weights) await kept.add({ name, instance, epochs, seed, metrics });
      described.push({ name, architecture, heldOut, metrics: rounded(metrics), length: rounded({ epochs })['epochs']!, seed });
      disposeInstances([instance]);
      bar.ended();
    }
  } catch (error) {
    throw bar.where(error, (done) => `${done} of ${counted(networks.length, 'network')} were done, and nothing is left in the folder`);
  } finally {
    bar.stop();
  }
  return { rows, described };
}

/** Six digits are more than any measure is worth. */
const rounded = (numbers: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value.toPrecision(6))]));

const WORDS: Readonly<Record<MeasuredTask, string>> = {
  ...{ classification: 'classifiers', sdf: 'shapes, as signed distance functions', occupancy: 'shapes, as occupancy' },
  ...{ regression: 'networks that give numbers', rgb: 'pictures, or scenes, as colors of coordinates' },
};

const descriptionOf = ({ architectures, config }: NetSpace, count: number, task: MeasuredTask): string => {
  const what = WORDS[task];
  const kinds = architectures.length === 1 ? 'one architecture' : `${architectures.length} architectures`;
  return `${count} ${what}, of ${kinds}; a network is ${config.embeddingSize} numbers.`;
};
