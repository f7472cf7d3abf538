import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { fileHandler, registerFileHandler } from './file-handler.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'netspace-handler-'))));
afterAll(() => rm(folder, { recursive: true }));

const artifacts = async (values: number[]): Promise<tf.io.ModelArtifacts> => {
  const { data, specs } = await tf.io.encodeWeights({ 'encoder/w': tf.tensor1d(values), 'decoder/step': tf.scalar(3, 'int32') });
  return { modelTopology: { config: { embeddingSize: 8 } }, weightSpecs: specs, weightData: data, format: 'netspace' };
};
const save = async (path: string, values: number[]) => fileHandler(path).save!(await artifacts(values));

describe('fileHandler', () => {
  it('loads what it saved, the newest of two saves, and keeps no old weights', async () => {
    const path = join(folder, 'space');
    await save(path, [1, 2]);
    const result = await save(path, [0.1, -3, 5]);
    expect(result.modelArtifactsInfo.weightDataBytes).toBe(16);
    expect((await readdir(path)).map((name) => name.replace(/-\w+/, ''))).toEqual(['space.json', 'weights.bin']);
    for (const from of [path, join(path, 'space.json')]) {
      const loaded = await fileHandler(from).load!();
      expect(loaded.modelTopology).toEqual({ config: { embeddingSize: 8 } });
      expect(loaded.format).toBe('netspace');
      const weights = tf.io.decodeWeights(loaded.weightData!, loaded.weightSpecs!);
      expect([...weights['encoder/w']!.dataSync()]).toEqual([...Float32Array.of(0.1, -3, 5)]);
    }
  });

  it('saves what tf.io.http reads', async () => {
    const path = join(folder, 'http');
    await save(path, [7]);
    const fetchFunc = async (url: string) =>
      new Response(await readFile(join(path, url.split('/').at(-1)!)), { headers: { 'content-type': 'application/octet-stream' } });
    const loaded = await tf.io.http('http://host/some/space.json', { fetchFunc: fetchFunc as typeof fetch }).load!();
    expect(loaded.weightSpecs?.map(({ name }) => name)).toEqual(['encoder/w', 'decoder/step']);
  });

  it('answers file:// once registered, and leaves it to another that answers', async () => {
    registerFileHandler();
    registerFileHandler();
    const path = `file://${join(folder, 'registered')}`;
    const handlers = tf.io.getSaveHandlers(path);
    expect(handlers).toHaveLength(1);
    await handlers[0]!.save!(await artifacts([1]));
    expect((await tf.io.getLoadHandlers(path)[0]!.load!()).format).toBe('netspace');
    expect(tf.io.getSaveHandlers('elsewhere://x')).toHaveLength(0);
    const other: tf.io.IOHandler = { load: () => Promise.resolve({}) };
    let present = true;
    // As tfjs-node registers its own, here before or after ours.
    tf.io.registerLoadRouter(((url: string) => (present && url.startsWith('file://') ? other : null)) as () => tf.io.IOHandler);
    expect(tf.io.getLoadHandlers(path)).toEqual([other]);
    present = false;
    expect(tf.io.getLoadHandlers(path)).toHaveLength(1);
  });

  it('saves other models as tfjs does and reads them back, blanks and all', async () => {
    registerFileHandler();
    const path = join(folder, 'km ü');
    const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] });
    await model.save(pathToFileURL(path).href);
    expect((await readdir(path)).sort()).toContain('model.json');
    for (const url of [
      pathToFileURL(path).href,
      pathToFileURL(join(path, 'model.json')).href,
      `file://${relative('.', path).replace(' ', '%20')}`,
    ]) {
      const loaded = await loadLayersModel(url);
      expect(loaded.getWeights()[0]!.arraySync()).toEqual(model.getWeights()[0]!.arraySync());
      loaded.dispose();
    }
    model.dispose();
  });

  it('loses nothing when two save at once, and readers get the one or the other', async () => {
    const path = join(folder, 'race');
    await save(path, [0]);
    for (let i = 0; i < 20; i++) {
      const [read] = await Promise.all([fileHandler(path).load!(), save(path, [2 * i + 1]), save(path, [2 * i + 2])]);
      expect(read.weightSpecs).toHaveLength(2);
      expect((await fileHandler(path).load!()).weightSpecs).toHaveLength(2);
    }
    expect(await readdir(path)).toHaveLength(2);
  });

  it('refuses paths that are not a saved space, and ones that lead out of it', async () => {
    await expect(fileHandler(join(folder, 'none')).load!()).rejects.toMatchObject({ code: 'NOT_FOUND', message: /none.space.json/ });
    await writeFile(join(folder, 'file'), 'x');
    await expect(save(join(folder, 'file'), [1])).rejects.toMatchObject({ code: 'INVALID_OPTION', message: /got the file/ });
    await writeFile(join(folder, 'bad.json'), '{');
    await expect(fileHandler(join(folder, 'bad.json')).load!()).rejects.toMatchObject({ code: 'CORRUPT_FILE', message: /expected JSON/ });
    await writeFile(join(folder, 'other.json'), '{"weightsManifest": [{}]}');
    await expect(fileHandler(join(folder, 'other.json')).load!()).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: /weightsManifest/,
    });
    await writeFile(join(folder, 'out.json'), '{"weightsManifest": [{"paths": ["../secret"], "weights": []}]}');
    await expect(fileHandler(join(folder, 'out.json')).load!()).rejects.toMatchObject({ code: 'CORRUPT_FILE', message: /cannot leave/ });
  });

  it('notices changed weights', async () => {
    const path = join(folder, 'changed');
    await save(path, [1, 2, 3]);
    const weights = (await readdir(path)).find((name) => name.endsWith('.bin'))!;
    await writeFile(join(path, weights), new Uint8Array(16));
    await expect(fileHandler(path).load!()).rejects.toMatchObject({ code: 'CORRUPT_FILE', message: /not what was saved/ });
  });
});
