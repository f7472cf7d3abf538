// Files of the engine: what it writes, what it takes from a visitor, and what it opens, whole or broken.
import '@tensorflow/tfjs';
import { readFile, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import {
  instanceFromCheckpoint,
  instanceToRawTensors,
  readSafetensors,
  type RawTensor,
  writePyTorchCheckpoint,
  writeSafetensors,
} from '@netspace/formats';
import { disposeInstances } from '@netspace/prep';
import { expectClose } from '@netspace/testing';
import { describeInChromium, serve } from '@netspace/testing/chromium';
import { type Driven, type Outcome } from '@netspace/testing/explorer/driven-engine';
import { at, engineStage, pretrained } from '@netspace/testing/explorer/engine-stage';
import { imageBatch } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { zipSync } from 'fflate';
import { beforeAll, expect, it } from 'vitest';

import { snippetsFor } from '../bring/snippets.js';
import type { DroppedFile, ExportedFile } from './messages/protocol.js';
import { claim, f32, tensors, u8 } from './testing/safetensors-bytes.js';

/** What the page's script keeps, in what is evaluated there. */
declare const driven: Driven;

const packages = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

describeInChromium('files of the engine', () => {
  const stage = engineStage();
  const { outcome, call, open, inNode, embeddingRow } = stage;
  beforeAll(() => open('digits'));

  /** As the page hands files of a visitor to the worker. */
  const dropped = (files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Promise<Outcome> =>
    stage.page.evaluate(
      (list) =>
        driven.call('bring', { id: 'mine', files: list.map(({ name, bytes }) => ({ name, bytes: Uint8Array.from(bytes).buffer })) }),
      files.map(({ name, bytes }) => ({ name, bytes: [...bytes] })),
    );

  it('writes networks that Node loads and that classify the same to 1e-5, and takes them back', async () => {
    const { space, dataset } = await inNode();
    const place = at(stage.digits.networks[6]!.name);
    const embedding = tf.tensor2d(await embeddingRow(6), [1, 64]);
    const [expected] = await space.instantiate(embedding);
    const { images } = imageBatch(dataset, [0, 1, 2]);
    const logits = expected!.architecture.apply(expected!.parameters, images).dataSync();

    const [safetensors] = await call('download', { place, format: 'safetensors' });
    const read = instanceFromCheckpoint(expected!.architecture, Uint8Array.from(safetensors!.bytes));
    expectClose(read.architecture.apply(read.parameters, images).dataSync(), logits, 1e-5);

    const files = await call('download', { place, format: 'tfjs' });
    const model = await loadedInNode(files);
    expectClose((model.predict(images) as tf.Tensor).dataSync(), logits, 1e-5);

    const pt = { name: 'mine.pt', bytes: writePyTorchCheckpoint(await instanceToRawTensors(expected!)) };
    for (const given of [[safetensors!], [pt], files, [zipped(files)]]) {
      expect((await dropped(given)).value).toMatchObject({
        architecture: expected!.architecture.name,
        classId: expected!.classId,
        agreement: expect.any(Number) as number,
      });
    }
    await expect(call('look', { place: { at: 'kept', id: 'mine' } })).resolves.toMatchObject({ x: expect.any(Number) as number });
    disposeInstances([expected!, read]);
    tf.dispose([images, embedding]);
    model.dispose();
    space.dispose();
  });

  // The packages as built: CI builds before it tests.
  it.skipIf(!existsSync(join(packages, 'formats/dist/index.js')))('offers lines of TypeScript that load a downloaded network', async () => {
    await open('digits');
    const [file] = await call('download', { place: at(stage.digits.networks[6]!.name), format: 'safetensors' });
    const bytes = Uint8Array.from(file!.bytes);
    const site = await serve((path) => (path === '/network.safetensors' ? bytes : undefined));
    const { typescript } = snippetsFor(file!.name.replace('.safetensors', ''));
    const program = `${typescript.replace("'network.safetensors'", `'${site.address}network.safetensors'`)}
      console.log(network.parameters.reduce((sum, { size }) => sum + size, 0));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: join(packages, 'explorer') });
    site.close();
    const numbers = [...readSafetensors(bytes).tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
    expect(Number(stdout)).toBe(numbers);
  });

  it('writes a model that tf.loadLayersModel opens in a fresh page, where it classifies the same to 1e-5', async () => {
    await open('digits');
    const place = at(stage.digits.networks[10]!.name);
    const files = await call('download', { place, format: 'tfjs' });
    const image = Uint8Array.from({ length: 784 }, (_, i) => (i % 28 === 14 ? 255 : 0));
    const { probabilities } = await call('classify', { image, places: [place], vote: false });
    const { mean, std } = stage.digits.sample!;
    const site = await serve((path) => {
      if (path === '/') return '<!doctype html><link rel="icon" href="data:,"><script src="tf.js"></script>';
      if (path === '/tf.js') return readFile(fileURLToPath(import.meta.resolve('@tensorflow/tfjs/dist/tf.min.js')));
      const file = files.find(({ name }) => `/${name}` === path);
      return file && Uint8Array.from(file.bytes);
    });
    const fresh = await stage.page.context().browser()!.newPage();
    try {
      await fresh.goto(site.address);
      const answers = await fresh.evaluate(
        async (values) => {
          const { tf: theirs } = globalThis as unknown as { readonly tf: typeof tf & { loadLayersModel: typeof loadLayersModel } };
          const model = await theirs.loadLayersModel('model.json');
          return [...theirs.softmax(model.predict(theirs.tensor4d(values, [1, 28, 28, 1])) as tf.Tensor).dataSync()];
        },
        [...image].map((value) => (value / 255 - mean[0]!) / std[0]!),
      );
      expectClose(answers, probabilities[0]!, 1e-5);
    } finally {
      await fresh.close();
      site.close();
    }
  });

  it('refuses what is no network of this space, saying why of each architecture', async () => {
    const strange = writeSafetensors(new Map<string, RawTensor>([['w', { dtype: 'F32', shape: [1], data: Float32Array.of(1) }]]));
    expect((await dropped([{ name: '<img src=x>.safetensors', bytes: strange }])).error).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/resnet8.*lenet-like.*vanilla-cnn/s) as string,
    });
    for (const [files, code] of [
      [[{ name: 'a.pt', bytes: new Uint8Array(100) }], 'UNSUPPORTED'],
      [[{ name: 'a.zip', bytes: new Uint8Array(100) }], 'CORRUPT_FILE'],
      [[{ name: 'model.json', bytes: new TextEncoder().encode('{"weightsManifest":[{"paths":["w.bin"],"weights":[]}]}') }], 'CORRUPT_FILE'],
      [[{ name: 'model.json', bytes: new TextEncoder().encode('<html>') }], 'CORRUPT_FILE'],
      [[{ name: 'x/explorer.json', bytes: new Uint8Array(2) }], 'INVALID_OPTION'],
      [[], 'INVALID_OPTION'],
    ] as const) {
      expect((await dropped(files)).error).toMatchObject({ code });
    }
  });

  it('goes on where a download broke off, and works from its cache once there is no server', async () => {
    await stage.page.evaluate('caches.delete("netspace-explorer-1")');
    const path = '/digits/embeddings.safetensors';
    const bytes = await readFile(join(stage.folder, path));
    const ranges: (string | undefined)[] = [];
    stage.engine.instead.set(path, (response, range) => {
      ranges.push(range);
      const from = Number(/\d+/.exec(range ?? '')?.[0] ?? 0);
      const to = from === 0 ? 1000 : bytes.length;
      response.writeHead(range === undefined ? 200 : 206, { 'content-length': bytes.length - from, etag: '"1"' });
      response.write(bytes.subarray(from, to), () => (to < bytes.length ? setTimeout(() => response.destroy(), 50) : response.end()));
    });
    const { points } = await open('digits');
    expect(ranges).toEqual([undefined, 'bytes=1000-']);
    for (const name of ['explorer.json', 'space/space.json', 'zoo/manifest.json', 'embeddings.safetensors']) {
      stage.engine.instead.set(`/digits/${name}`, (response) => response.destroy());
    }
    stage.engine.asked.length = 0;
    expect((await open('digits')).points).toEqual(points);
    expect(stage.engine.asked.filter((one) => /\.safetensors|\.bin/.test(one))).toEqual([]); // what did not change is not asked for
    stage.engine.instead.clear();
  });

  it.each([
    ['a page instead of the manifest', 'explorer.json', '<!doctype html><title>x</title>', 'CORRUPT_FILE', /expected JSON/],
    ['no manifest', 'explorer.json', 404, 'NOT_FOUND', /check the address/],
    ['a page instead of embeddings', 'embeddings.safetensors', '<!doctype html>'.repeat(9), 'CORRUPT_FILE', /readSafetensors/],
    ['a page instead of the space', 'space/space.json', '<!doctype html>', 'CORRUPT_FILE', /a web page/],
    [
      'a sample of another size',
      'sample.safetensors',
      tensors({ images: u8([2, 1, 28, 28]), labels: u8([3]) }),
      'CORRUPT_FILE',
      /labels U8 or I32 \[2\]/,
    ],
    [
      'a label that is no class',
      'sample.safetensors',
      tensors({ images: u8([1, 1, 2, 2]), labels: u8([1], 77) }),
      'CORRUPT_FILE',
      /77 for image 0/,
    ],
    ['embeddings of other networks', 'embeddings.safetensors', tensors({ embeddings: f32([3, 64]) }), 'CORRUPT_FILE', /12 networks/],
    ['embeddings of another space', 'embeddings.safetensors', tensors({ embeddings: f32([12, 8]) }), 'CORRUPT_FILE', /rows of 64 numbers/],
    [
      'embeddings that are no numbers',
      'embeddings.safetensors',
      tensors({ embeddings: f32([12, 64], NaN) }),
      'CORRUPT_FILE',
      /finite numbers/,
    ],
    ['embeddings too long for the map', 'embeddings.safetensors', tensors({ embeddings: f32([12, 70_000]) }), 'LIMIT_EXCEEDED', /65536/],
    [
      'a header that claims a terabyte',
      'embeddings.safetensors',
      claim({ embeddings: { dtype: 'F32', shape: [12, 2 ** 36], data_offsets: [0, 12 * 2 ** 38] } }),
      'CORRUPT_FILE',
      /./,
    ],
    ['a zoo that is none', 'zoo/manifest.json', '{"schemaVersion":1,"instances":[{"name":"../x"}]}', 'CORRUPT_FILE', /instances\[0\]/],
  ] as const)('refuses %s and stays usable', async (_, path, content, code, message) => {
    await stage.page.evaluate('caches.delete("netspace-explorer-1")');
    stage.engine.instead.set(`/digits/${path}`, (response) => (content === 404 ? response.writeHead(404).end() : response.end(content)));
    const { error } = await outcome('open', { source: `${stage.engine.address}digits/`, runtime: 'wasm' });
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(await outcome('look', { place: at('x') })).toMatchObject({
      error: { code: 'NOT_FOUND', message: expect.stringContaining('open one first') as string },
    });
    expect((await call('memory', {})).tensors).toBe(0);
    stage.engine.instead.clear();
  });

  it.each([
    [{ at: 'network', name: '<script>' }, 'NOT_FOUND'],
    [{ at: 'kept', id: 'nothing' }, 'NOT_FOUND'],
    [{ at: 'plane', x: NaN, y: 0 }, 'INVALID_OPTION'],
    [{ at: 'plane', x: 1e300, y: 0 }, 'INVALID_OPTION'],
    [{ at: 'mix', of: [], weights: [] }, 'INVALID_OPTION'],
    [{ at: 'mix', of: [{ at: 'plane', x: 0, y: 0 }], weights: [2] }, 'INVALID_OPTION'],
    [{ at: 'nowhere' }, 'INVALID_OPTION'],
    [undefined, 'INVALID_OPTION'],
  ])('refuses the place %j', async (place, code) => {
    if (place?.at === 'network') await open('digits');
    expect((await outcome('look', { place, images: 5 })).error).toMatchObject({ code });
  });

  it('opens a folder that was dropped, as files or as a zip, and names what it lacks', async () => {
    const list = ['explorer.json', 'embeddings.safetensors', 'space/space.json', 'zoo-heldout/manifest.json'];
    const manifest = JSON.parse(await readFile(join(pretrained, 'chairs/space/space.json'), 'utf8')) as {
      weightsManifest: { paths: string[] }[];
    };
    const names = [...list, `space/${manifest.weightsManifest[0]!.paths[0]!}`].map((name) => `chairs/${name}`);
    /** The page fetches the files itself, and hands them over as if they had been dropped. */
    const openFiles = (given: readonly string[]): Promise<Outcome> =>
      stage.page.evaluate(async (paths) => {
        const bytes = async (path: string): Promise<ArrayBuffer> => (await fetch(`/${path}`)).arrayBuffer();
        const source: DroppedFile[] = await Promise.all(paths.map(async (path) => ({ name: path, bytes: await bytes(path) })));
        return driven.call('open', { source, runtime: 'wasm' });
      }, given);
    expect((await openFiles(names)).value).toMatchObject({ manifest: { title: expect.stringMatching(/chair/i) as string } });
    const packed = await Promise.all(names.map(async (name) => [name, new Uint8Array(await readFile(join(pretrained, name)))] as const));
    await writeFile(join(stage.folder, 'chairs.zip'), zipSync(Object.fromEntries(packed)));
    expect((await openFiles(['chairs.zip'])).value).toMatchObject({ manifest: { title: expect.stringMatching(/chair/i) as string } });
    const lacks = (name: string) => ({ code: 'NOT_FOUND', message: expect.stringContaining(name) as string });
    expect((await openFiles(names.slice(0, 2))).error).toMatchObject(lacks('space/space.json'));
    expect((await openFiles(names.slice(1))).error).toMatchObject(lacks('explorer.json'));
  });

  it('downloads no more than its limits, whatever the server says of the length', async () => {
    await stage.page.evaluate('caches.delete("netspace-explorer-1")');
    stage.engine.instead.set('/digits/explorer.json', (response) => {
      response.writeHead(200, { 'content-length': 1e12 }).write('{');
    });
    const { error } = await outcome('open', { source: `${stage.engine.address}digits/`, runtime: 'wasm' });
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', message: expect.stringContaining('got 1000000000000') as string });
    stage.engine.instead.clear();
  });

  it('shows a space whose weights are no numbers as one that can do nothing', async () => {
    await stage.page.evaluate('caches.delete("netspace-explorer-1")');
    const { weightsManifest } = JSON.parse(await readFile(join(stage.folder, 'digits/space/space.json'), 'utf8')) as {
      weightsManifest: { paths: string[] }[];
    };
    const weights = `/digits/space/${weightsManifest[0]!.paths[0]!}`;
    const { length } = await readFile(join(stage.folder, weights));
    stage.engine.instead.set(weights, (response) => response.end(Buffer.alloc(length, 0x7e))); // half-precision NaNs
    await open('digits');
    const seen = await call('look', { place: { at: 'plane', x: 0, y: 0 }, images: 50, prep: { width: 8, height: 8 } });
    expect(seen.accuracy).toBe(0);
    expect([...(await call('heat', { images: 10, finest: 5 })).values].every((value) => value === 0)).toBe(true);
    stage.engine.instead.clear();
    await stage.page.evaluate('caches.delete("netspace-explorer-1")');
  });
});

async function loadedInNode(files: readonly ExportedFile[]) {
  const [json, weights] = files;
  const parsed = JSON.parse(new TextDecoder().decode(Uint8Array.from(json!.bytes))) as tf.io.ModelJSON;
  const artifacts = await tf.io.getModelArtifactsForJSON(parsed, (manifest) =>
    Promise.resolve([tf.io.getWeightSpecs(manifest), Uint8Array.from(weights!.bytes).buffer]),
  );
  return loadLayersModel(tf.io.fromMemory(artifacts));
}

const zipped = (files: readonly ExportedFile[]) => ({
  name: 'model.zip',
  bytes: zipSync(Object.fromEntries(files.map(({ name, bytes }) => [name, Uint8Array.from(bytes)]))),
});
