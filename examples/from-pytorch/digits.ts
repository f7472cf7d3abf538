// Question: how do I give PyTorch the images that `netspace … --data mnist` uses?
// Writes digits.pt into a folder: images as NetSpace scales them, [count, 1, 28, 28], and labels.
//   npx tsx examples/from-pytorch/digits.ts zoo
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type RawTensor, writePyTorchCheckpoint } from '@netspace/formats';
import { loadMnist } from '@netspace/node';
import { type ImageDataset, imageBatch } from '@netspace/zoo';
import '@tensorflow/tfjs';

const folder = process.argv[2] ?? 'zoo';

/** One channel: channels first and channels last are the same numbers. */
async function tensorsOf(split: string, dataset: ImageDataset): Promise<[string, RawTensor][]> {
  const { images, labels } = imageBatch(dataset, [...Array(dataset.count).keys()]);
  const numbers: RawTensor = { dtype: 'F32', shape: [dataset.count, 1, 28, 28], data: Float32Array.from(await images.data()) };
  const classes: RawTensor = { dtype: 'I64', shape: [dataset.count], data: BigInt64Array.from([...(await labels.data())].map(BigInt)) };
  return [
    [`${split}_images`, numbers],
    [`${split}_labels`, classes],
  ];
}

const { train, test } = await loadMnist();
await mkdir(folder, { recursive: true });
const tensors = new Map([...(await tensorsOf('train', train)), ...(await tensorsOf('test', test))]);
await writeFile(join(folder, 'digits.pt'), writePyTorchCheckpoint(tensors));
