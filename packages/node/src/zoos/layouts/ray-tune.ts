import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import { parseJson } from '@netspace/prep/internal';
import { instanceNameOf } from '@netspace/train/internal';

import { FILE_LIMITS, readRegularFile } from '../../files/read-regular-file.js';
import { fileProblem } from '../../files/file-problem.js';
import { readTensors } from '../read-tensors.js';
import { finiteOnly, type FoundNetwork, type FoundZoo, seedOrNone, type ZooSource } from '../found-network.js';
import { jsonLines, withoutNaN } from '../tables/json-lines.js';
import { byNumbers } from '../walk-files.js';

/** A training by Ray Tune, as ModelZooDataset and SANE name them. */
export const isRun = (name: string): boolean => name.startsWith('NN_tune_trainable');
const CHECKPOINT = /^checkpoint_(\d+)$/;

/**
 * A zoo that Ray Tune trained: a folder for each training, in it `checkpoint_000010/checkpoints`, `params.json` and `result.json`.
 *
 * Weights are trusted, not configs: sizes come from the tensors. Of `params.json` the seed is kept and the numbers of the optimizer.
 */
export async function rayTune({ folder, checkpoints = 'last', epochOffset }: ZooSource): Promise<FoundZoo> {
  const runs = (await namesIn(folder)).filter(isRun).sort(byNumbers);
  const networks = async function* (): AsyncGenerator<FoundNetwork> {
    for (const [place, run] of runs.entries()) {
      const path = join(folder, run);
      const epochs = epochsIn(await namesIn(path));
      const chosen =
        checkpoints === 'all' ? epochs : checkpoints === 'last' ? epochs.slice(-1) : epochs.filter(({ epoch }) => epoch === checkpoints);
      if (chosen.length === 0) continue;
      const params = await paramsOf(join(path, 'params.json'));
      const results = await resultsOf(join(path, 'result.json'), params, epochOffset);
      for (const { epoch, name } of chosen) {
        const file = join(path, name, 'checkpoints');
        yield {
          name: instanceNameOf(`${shortName(run, place)}-e${epoch}`),
          ...{ place: file, epochs: epoch, seed: seedOrNone(params['seed']) },
          metrics: { ...optimizerOf(params), ...results(epoch) },
          tensors: () => readTensors(file),
        };
      }
    }
  };
  return { layout: 'ray-tune', said: ['configs may say other sizes than the weights have: the weights count'], networks: networks() };
}

/** `NN_tune_trainable_ab12c_00003_3_seed=4_2021-07-12_12-44-44` is `ab12c_00003`; where that is not the form, the whole name. */
function shortName(run: string, place: number): string {
  const found = /^NN_tune_trainable\w*?_([0-9a-f]{5,8}_\d{5})_/.exec(run)?.[1];
  return found ?? `${place}-${run.replace(/^NN_tune_trainable_?/, '')}`;
}

function epochsIn(names: readonly string[]) {
  const all = names.flatMap((name) => {
    const epoch = CHECKPOINT.exec(name)?.[1];
    return epoch === undefined ? [] : [{ epoch: Number(epoch), name }];
  });
  return all.sort((a, b) => a.epoch - b.epoch);
}

async function paramsOf(path: string): Promise<Readonly<Record<string, number>>> {
  const bytes = await readRegularFile('zoo import', path, FILE_LIMITS.json).catch((error: unknown) => {
    throw fileProblem('zoo import', path, error);
  });
  try {
    return finiteOnly(Object(parseJson(withoutNaN(new TextDecoder().decode(bytes)))) as Readonly<Record<string, unknown>>);
  } catch (cause) {
    throw new NetSpaceError('CORRUPT_FILE', `zoo import: expected JSON in ${path}, got something else`, { cause });
  }
}

const optimizerOf = (params: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(params).flatMap(([key, value]) => (key.startsWith('optim::') ? [[`optim.${key.slice(7)}`, value]] : [])),
  );

const NAMES: Readonly<Record<string, string>> = {
  test_acc: 'testAccuracy',
  test_loss: 'testLoss',
  train_acc: 'trainAccuracy',
  train_loss: 'trainLoss',
  validation_acc: 'validationAccuracy',
  validation_loss: 'validationLoss',
};
/** What the trainable writes where nothing was measured. */
const NOTHING = -999;

/** The measures of an epoch. Some trainables number the untrained network 0, others 1: which one, is told by its losses, or by how many lines there are. */
async function resultsOf(path: string, params: Readonly<Record<string, number>>, given: number | undefined) {
  const byNumber = new Map<number, Readonly<Record<string, unknown>>>();
  for await (const line of jsonLines(path)) {
    const number = line['training_iteration'];
    if (!Number.isSafeInteger(number)) throw new NetSpaceError('CORRUPT_FILE', `zoo import: expected training_iteration in each line of ${path}, got one without`); // prettier-ignore
    byNumber.set(number as number, line); // a training that was resumed says some twice
  }
  const offset = given ?? offsetOf(path, byNumber, params['training::epochs_train']);
  return (epoch: number): Readonly<Record<string, number>> => {
    const line = byNumber.get(epoch + offset);
    if (line === undefined) return {};
    const numbers = finiteOnly(Object.fromEntries(Object.entries(NAMES).map(([theirs, ours]) => [ours, line[theirs]])));
    return Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== NOTHING));
  };
}

function offsetOf(path: string, lines: ReadonlyMap<number, Readonly<Record<string, unknown>>>, epochs: number | undefined): number {
  const first = Math.min(...lines.keys());
  if (lines.size === 0 || first === 0) return 0;
  if (lines.get(first)?.['train_loss'] === NOTHING) return first;
  if (epochs !== undefined && first === 1 && Math.max(...lines.keys()) === epochs) return 0;
  if (epochs !== undefined && first === 1 && Math.max(...lines.keys()) === epochs + 1) return 1;
  throw new NetSpaceError(
    'UNSUPPORTED',
    `zoo import: expected ${path} to show which of its lines is of the untrained network, got lines from ${first} to ${Math.max(...lines.keys())}; say --epoch-offset 0 if line n is of epoch n, 1 if it is of epoch n - 1`,
  );
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw fileProblem('zoo import', folder, error);
  }
}
