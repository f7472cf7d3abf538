import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadTinyImageNet } from '@netspace/node';
import { parseCifar10 } from '@netspace/zoo';

import { parseMnistDigits } from '../../../packages/node/src/datasets/parse-mnist-digits.js';
import { checkImages, Contradiction } from '../contradiction.js';
import { encode, type Readers } from './fuzz-reader.js';

/** 64 × 64 pixels, all red. */
const RED_JPEG = [
  '/9j/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhC',
  'Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCABAAEADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAA',
  'AAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFgEBAQEAAAAAAAAAAAAAAAAAAAUG/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8AigJbeAAA',
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAP/9k=',
].join('');

/** Images of data sets. */
export const imageReaders: Readers = {
  cifar: () =>
    Promise.resolve({
      seeds: [Uint8Array.from({ length: 2 * 3073 }, (_, i) => (i % 3073 === 0 ? 3 : i & 255))],
      read(bytes) {
        const { images, labels } = parseCifar10(bytes);
        checkImages(images, labels, { size: 3072, classes: 10 });
      },
    }),
  mnist: () =>
    Promise.resolve({
      seeds: [encode({ data: Array.from({ length: 2 * 784 }, (_, i) => Math.round((i % 256) / 0.255) / 1000) })],
      read(bytes) {
        const pixels = parseMnistDigits(bytes);
        if (pixels.length % 784 !== 0) throw new Contradiction(`${pixels.length} pixels in images of 784`);
      },
    }),
  jpeg: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'netspace-fuzz-'));
    await writeFile(join(folder, 'wnids.txt'), 'n00000001\n');
    await mkdir(join(folder, 'train', 'n00000001', 'images'), { recursive: true });
    return {
      seeds: [new Uint8Array(Buffer.from(RED_JPEG, 'base64'))],
      async read(bytes) {
        await writeFile(join(folder, 'train', 'n00000001', 'images', 'n00000001_0.JPEG'), bytes);
        return loadTinyImageNet(folder);
      },
      dispose: () => rm(folder, { recursive: true }),
    };
  },
};
