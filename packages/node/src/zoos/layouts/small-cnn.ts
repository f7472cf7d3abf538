import { access, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import type { RawTensor } from '@netspace/formats';
import { ITEM_SIZE, NPY_HEADER_LIMIT, type NpyHeader, rawTensorFromBuffer, readNpyHeader } from '@netspace/formats/internal';
import { NetSpaceError } from '@netspace/prep';

import { fileProblem } from '../../files/file-problem.js';
import { openRegularFile } from '../../files/read-regular-file.js';
import { ofFile } from '../../files/of-file.js';
import { csvRows } from '../tables/csv-rows.js';
import { finiteOnly, type FoundNetwork, type FoundZoo, seedOrNone, ZOO_SOURCE_LIMITS, type ZooSource } from '../found-network.js';
import { kerasTensors, type LayoutRow } from '../keras-tensors.js';

/**
 * Google's Small CNN Zoo: `weights.npy`, a row of which is a network, `metrics.csv.gz` with a line for each, and `layout.csv`, which says which
 * numbers of a row are what. Rows are read one by one.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if the three do not fit together
 */
export async function smallCnn({ folder, checkpoints = 'all' }: ZooSource): Promise<FoundZoo> {
  const path = join(folder, 'weights.npy');
  const header = await headerOf(path);
  const layout = await layoutOf(join(folder, 'layout.csv'), header.shape[1]!);
  const networks = async function* (): AsyncGenerator<FoundNetwork> {
    let row = 0;
    for await (const line of csvRows(await metricsPath(folder))) {
      const number = row++;
      if (row > header.shape[0]!) break;
      const facts = factsOf(line);
      if (typeof checkpoints === 'number' && facts.epochs !== checkpoints) continue;
      yield {
        name: `net-${number}`,
        place: `row ${number} of ${path}`,
        ...facts,
        tensors: async () => kerasTensors(await rowOf(path, header, number), layout),
      };
    }
    if (row !== header.shape[0]) {
      throw new NetSpaceError('CORRUPT_FILE', `zoo import: expected a line of metrics for each of ${header.shape[0]} networks of ${path}, got ${row > header.shape[0]! ? 'more' : row}; download the zoo again`); // prettier-ignore
    }
  };
  const last = checkpoints === 'last' ? ['all steps of each training are taken: --checkpoints 86 takes one'] : [];
  return {
    layout: 'small-cnn',
    said: ["kernels are turned from TensorFlow's order into PyTorch's; what follows a flattened image, too", ...last],
    networks: networks(),
  };
}

async function metricsPath(folder: string): Promise<string> {
  for (const name of ['metrics.csv.gz', 'metrics.csv']) {
    try {
      await access(join(folder, name));
      return join(folder, name);
    } catch {
      continue;
    }
  }
  throw new NetSpaceError('NOT_FOUND', `zoo import: expected metrics.csv.gz in ${folder}, got none; download all three files`);
}

async function headerOf(path: string): Promise<NpyHeader> {
  return withFile(path, async (file) => {
    const start = await bytesOf(file, path, 0, Math.min(NPY_HEADER_LIMIT, (await file.stat()).size));
    const header = ofFile(path, () => readNpyHeader(start));
    const { shape, dtype, dataStart, dataBytes } = header;
    if (shape.length !== 2 || shape[0] === 0 || shape[1] === 0 || !['F32', 'F64', 'F16'].includes(dtype)) {
      throw new NetSpaceError('UNSUPPORTED', `zoo import: expected a row of floats for each network in ${path}, got ${dtype} [${shape}]`);
    }
    if (shape[1]! > ZOO_SOURCE_LIMITS.parameters) throw new NetSpaceError('LIMIT_EXCEEDED', `zoo import: expected at most ${ZOO_SOURCE_LIMITS.parameters} numbers a network in ${path}, got ${shape[1]}`); // prettier-ignore
    const { size } = await file.stat();
    if (size !== dataStart + dataBytes) throw new NetSpaceError('CORRUPT_FILE', `zoo import: expected ${dataStart + dataBytes} bytes of ${path}, got ${size}; download it again`); // prettier-ignore
    return header;
  });
}

async function rowOf(path: string, { dtype, shape, dataStart }: NpyHeader, row: number): Promise<RawTensor> {
  const size = shape[1]! * ITEM_SIZE[dtype];
  const bytes = await withFile(path, (file) => bytesOf(file, path, dataStart + row * size, size));
  return rawTensorFromBuffer(dtype, [shape[1]!], bytes.buffer);
}

async function layoutOf(path: string, count: number): Promise<readonly LayoutRow[]> {
  const rows: LayoutRow[] = [];
  for await (const { varname, start_idx, end_idx, shape } of csvRows(path)) {
    const sides = /^[([]([\d\s,]*)[)\]]$/.exec(shape ?? '')?.[1]?.split(',').map((side) => side.trim()).filter((side) => side !== '').map(Number); // prettier-ignore
    const [begin, end] = [Number(start_idx), Number(end_idx)];
    const isWhole =
      varname !== undefined &&
      sides !== undefined &&
      sides.length > 0 &&
      sides.reduce((product, side) => product * side, 1) === end - begin;
    if (!isWhole || begin !== (rows.at(-1)?.end ?? 0) || !(end > begin)) {
      throw new NetSpaceError('CORRUPT_FILE', `zoo import: expected rows of varname, start_idx, end_idx and shape, one behind the other, in ${path}, got ${JSON.stringify({ varname, start_idx, end_idx, shape }).slice(0, 200)}`); // prettier-ignore
    }
    rows.push({ name: varname, begin, end, shape: sides });
  }
  if (rows.at(-1)?.end !== count) throw new NetSpaceError('CORRUPT_FILE', `zoo import: expected ${path} to cover ${count} numbers of a network, got ${rows.at(-1)?.end ?? 0}`); // prettier-ignore
  return rows;
}

/** `step`, the epoch of a checkpoint; the seed; what was measured. */
function factsOf(line: Readonly<Record<string, string>>): Pick<FoundNetwork, 'epochs' | 'seed' | 'metrics'> {
  const filled = Object.entries(line).filter(([, value]) => value.trim() !== '');
  const numbers = finiteOnly(Object.fromEntries(filled.map(([name, value]) => [name, Number(value)])));
  const { step = 0, 'config.random_seed': seed, ...others } = numbers;
  const metrics = Object.fromEntries(
    Object.entries(others).map(([name, value]) => [MEASURES[name] ?? name.replace(/^config\./, ''), value]),
  );
  return { epochs: Math.max(0, step), seed: seedOrNone(seed), metrics };
}

const MEASURES: Readonly<Record<string, string>> = {
  test_accuracy: 'testAccuracy',
  test_loss: 'testLoss',
  train_accuracy: 'trainAccuracy',
  train_loss: 'trainLoss',
};

async function withFile<T>(path: string, task: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    const { file } = await openRegularFile('zoo import', path);
    try {
      return await task(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileProblem('zoo import', path, error);
  }
}

async function bytesOf(file: FileHandle, path: string, begin: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, begin + done);
    if (bytesRead === 0)
      throw new NetSpaceError('CORRUPT_FILE', `zoo import: expected ${begin + length} bytes in ${path}, got ${begin + done}`);
    done += bytesRead;
  }
  return bytes;
}
