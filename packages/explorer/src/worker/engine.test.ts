// The engine as a page drives it: in Chromium, on a space that the test makes and on pretrained/chairs, under the page's content policy.
import '@tensorflow/tfjs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
import { NetSpace } from '@netspace/model';
import { registerFileHandler } from '@netspace/node';
import { architectureFromOnnx } from '@netspace/onnx';
import { graphFileOf } from '@netspace/onnx/internal';
import { disposeInstances } from '@netspace/prep';
import { expectClose, vulkanEnvironment } from '@netspace/testing';
import { buildExplorer } from '@netspace/testing/explorer/built-explorer';
import { describeInChromium, serve } from '@netspace/testing/chromium';
import { type Driven, type DrivenEngine, drivenEngine, type Outcome } from '@netspace/testing/explorer/driven-engine';
import { writeDigitsFolder } from '@netspace/testing/explorer/folder';
import { SOFTWARE_GL } from '@netspace/testing/explorer/page';
import { meshPlausibility } from '@netspace/shapes';
import { accuracy, architectureByName, createImageDataset, imageBatch, initialize } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { zooOnnx } from '../../../node/src/cli/files/zoo-onnx.js';
import { serveFolders } from '../../scripts/serve.mjs';
import { snippetsFor } from '../bring/snippets.js';
import type { ExplorerManifest } from '../folder/manifest.js';
import type { Calls, DroppedFile, ExportedFile, Opened, Place } from './messages/protocol.js';

/** What the page's script keeps, in what is evaluated there. */
declare const driven: Driven;

const packages = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);
const pretrained = fileURLToPath(new URL('../../../../pretrained', import.meta.url));
const at = (name: string): Place => ({ at: 'network', name });

describeInChromium('the engine', () => {
  let engine: DrivenEngine;
  let page: Page;
  let folder: string;
  let digits: ExplorerManifest;

  beforeAll(async () => {
    await tf.setBackend('cpu');
    registerFileHandler();
    folder = await mkdtemp(join(tmpdir(), 'netspace-explorer-'));
    [digits] = await Promise.all([writeDigitsFolder(join(folder, 'digits')), buildExplorer('engine', join(folder, 'page'))]);
    engine = await drivenEngine(join(folder, 'page'), [folder, pretrained]);
    ({ page } = engine);
  });
  afterAll(async () => {
    await engine.close();
    await rm(folder, { recursive: true });
  });

  const outcome: DrivenEngine['outcome'] = (...given) => engine.outcome(...given);
  const call: DrivenEngine['call'] = (...given) => engine.call(...given);
  const open = (name: string): Promise<Opened> => call('open', { source: `${engine.address}${name}/`, runtime: 'wasm' });
  /** The folder's space and sample, read by Node. */
  async function inNode() {
    const space = await NetSpace.load(`file://${join(folder, 'digits/space')}`, { architectures: architectureByName });
    const { tensors } = readSafetensors(await readFile(join(folder, 'digits/sample.safetensors')));
    const { mean, std } = digits.sample!;
    const [images, labels] = [tensors.get('images')!.data as Uint8Array, tensors.get('labels')!.data as Uint8Array];
    return { space, dataset: createImageDataset({ name: 'x', images, labels, shape: [28, 28, 1], classes: 10, mean, std }) };
  }
  const embeddingRow = async (row: number): Promise<Float32Array> => {
    const { tensors } = readSafetensors(await readFile(join(folder, 'digits/embeddings.safetensors')));
    const { data, shape } = tensors.get('embeddings')!;
    return (data as Float32Array).slice(row * shape[1]!, (row + 1) * shape[1]!);
  };

  it('opens a folder: tells how far it is, draws the map first, says which runtime and why not the others', async () => {
    const { value, progress } = await outcome('open', { source: `${engine.address}digits/explorer.json`, runtime: 'fastest' });
    const opened = value as Opened;
    const parts = progress as Calls['open']['progress'][];
    expect([...new Set(parts.map(({ part }) => part))]).toEqual(
      expect.arrayContaining(['explorer.json', 'embeddings.safetensors', 'map', 'space/space.json', 'sample.safetensors']),
    );
    expect(parts.find(({ part }) => part === 'map')!.map!.points).toEqual(opened.points);
    expect(opened).toMatchObject({
      runtime: 'wasm',
      embeddingSize: 64,
      prepShape: [16, 768],
      withWeights: digits.networks.filter((_, i) => i % 4 < 2).map(({ name }) => name),
    });
    expect(opened.trials.map(({ runtime }) => runtime)).toEqual(['webgpu', 'webgl', 'wasm']);
    for (const { runtime, decodeMs, problem } of opened.trials) expect(runtime === 'wasm' ? decodeMs! > 0 : problem).toBeTruthy();
    expect(opened.points).toHaveLength(2 * digits.networks.length);
    expect(opened.sample).toMatchObject({ count: 100, height: 28, width: 28, channels: 1 });
  });

  it('decodes what Node decodes: architecture, accuracy, confusion, pictures', async () => {
    const { points } = await open('digits');
    const { space, dataset } = await inNode();
    const embedding = tf.tensor2d(await embeddingRow(5), [1, 64]);
    const [network] = await space.instantiate(embedding);
    const seen = await call('look', {
      ...{ place: at(digits.networks[5]!.name), images: 1000, prep: { width: 60, height: 16 } },
      difference: { from: at(digits.networks[0]!.name), width: 60, height: 16 },
    });
    expect(seen.classId).toBe(network!.classId);
    expect(seen.classIdProbabilities.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
    expect(seen.accuracy).toBeCloseTo(await accuracy(network!, dataset), 2);
    expect(seen.confusion!.flat().reduce((sum, count) => sum + count, 0)).toBe(100);
    expect(seen.confusion!.reduce((sum, row, i) => sum + row[i]!, 0) / 100).toBeCloseTo(seen.accuracy!, 6);
    expect([seen.x, seen.y]).toEqual([expect.closeTo(points[10]!, 4), expect.closeTo(points[11]!, 4)]);
    for (const picture of [seen.prep!, seen.difference!]) expect(picture.data).toHaveLength(4 * 60 * 16);
    expect(seen.prep!.data).not.toEqual(seen.difference!.data);
    disposeInstances([network!]);
    embedding.dispose();
    space.dispose();
  });

  it('knows places: networks, the plane and back, mixes of mixes', async () => {
    const plane = { at: 'plane', x: 0.03, y: -0.02 } as const;
    const { x, y, accuracy: none } = await call('look', { place: plane });
    expect([x, y, none]).toEqual([expect.closeTo(0.03, 5), expect.closeTo(-0.02, 5), undefined]);
    const [a, b] = [at(digits.networks[0]!.name), at(digits.networks[1]!.name)];
    const half = { at: 'mix', of: [a, b], weights: [0.5, 0.5] } as const;
    const nested = { at: 'mix', of: [half, a], weights: [0.5, 0.5] } as const;
    const [first, second, mixed] = (await call('embeddings', { places: [a, b, nested] })) as [number[], number[], number[]];
    expectClose(first, await embeddingRow(0), 1e-6);
    expectClose(
      mixed,
      first.map((value, i) => 0.75 * value + 0.25 * second[i]!),
      1e-5,
    );
  });

  it('walks: both ends are the networks themselves, averages are those of the weights', async () => {
    const ends = [0, 1].map((row) => at(digits.networks[row]!.name));
    const { stops } = await call('curve', { through: ends, steps: 5, images: 1000, averages: true });
    expect(stops.map(({ gamma }) => gamma)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(stops[0]!.accuracy).toBe((await call('look', { place: ends[0]!, images: 1000 })).accuracy);
    const { dataset } = await inNode();
    const manifest = JSON.parse(await readFile(join(folder, 'digits/zoo/manifest.json'), 'utf8')) as { instances: { file: string }[] };
    const bytes = await readFile(join(folder, 'digits/zoo', manifest.instances[1]!.file));
    const target = instanceFromCheckpoint(architectureByName(digits.networks[1]!.architecture), bytes);
    expect(stops[4]!.averageAccuracy).toBeCloseTo(await accuracy(target, dataset), 2);
    disposeInstances([target]);
    const path = await call('curve', { through: [...ends, at(digits.networks[4]!.name)], steps: 3, images: 10, averages: true });
    expect(path.stops.map(({ averageAccuracy }) => averageAccuracy)).toEqual([undefined, undefined, undefined]);
  });

  it('runs networks of an ONNX file, whose graph lies beside the space', async () => {
    const lenet = architectureByName('lenet-like-1x28x28-10-w0.25');
    const architecture = architectureFromOnnx(
      await zooOnnx({ architecture: lenet, parameters: initialize(lenet.parameters, { seed: 1 }) }),
    );
    const own = await writeDigitsFolder(join(folder, 'own'), { architectures: [architecture] });
    await mkdir(join(folder, 'own/space/architectures'));
    await writeFile(join(folder, `own/space/architectures/${architecture.name}.onnx`), graphFileOf(architecture)!.bytes);
    const opened = await open('own');
    expect(opened.withWeights).toHaveLength(2);
    const places = own.networks.map(({ name }) => at(name));
    const image = Uint8Array.from({ length: 784 }, (_, i) => (i % 28 === 14 ? 255 : 0));
    const { probabilities } = await call('classify', { image, places, vote: false });

    const space = await NetSpace.load(`file://${join(folder, 'own/space')}`, { architectures: [architecture] });
    const { tensors } = readSafetensors(await readFile(join(folder, 'own/embeddings.safetensors')));
    const { data, shape } = tensors.get('embeddings')!;
    const networks = await space.instantiate(tf.tensor2d(data as Float32Array, shape as [number, number]));
    const { mean, std } = own.sample!;
    const x = tf.tensor4d(
      Float32Array.from(image, (value) => (value / 255 - mean[0]!) / std[0]!),
      [1, 28, 28, 1],
    );
    networks.forEach(({ parameters }, i) => {
      expectClose(probabilities[i]!, tf.softmax(architecture.apply(parameters, x)).dataSync(), 1e-4);
    });
    expect(probabilities[0]).not.toEqual(probabilities[1]);
    disposeInstances(networks);
    space.dispose();
    await open('digits');
  });

  it('classifies what somebody draws, by places and by all networks', async () => {
    const image = Uint8Array.from({ length: 784 }, (_, i) => (i % 28 === 14 ? 255 : 0));
    const places = [0, 4, 8].map((row) => at(digits.networks[row]!.name));
    const { value, progress } = await outcome('classify', { image, places, vote: true });
    const { probabilities, vote, voters } = value as Calls['classify']['answer'];
    expect(progress).toEqual([{ probabilities }]); // before all others are decoded
    expect(await outcome('classify', { image, places, vote: true })).toEqual({ value, progress: [] });
    expect(probabilities).toHaveLength(3);
    for (const row of [...probabilities, vote!]) expect(row.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
    expect(voters).toBe(12);
    const all = await call('classify', { image, places: digits.networks.map(({ name }) => at(name)), vote: false });
    expectClose(
      vote!,
      all.probabilities[0]!.map((_, c) => all.probabilities.reduce((sum, row) => sum + row[c]! / 12, 0)),
      1e-5,
    );
  });

  it('shades the plane, coarse to fine, each place as a look there', async () => {
    const { value, progress } = await outcome('heat', { images: 50, finest: 9 });
    const { columns, rows, values, known, extent, done } = value as Calls['heat']['answer'];
    expect([...known].every((one) => one === 1)).toBe(true);
    expect({ columns, rows, done }).toEqual({ columns: 9, rows: 9, done: true });
    expect([...values].every(Number.isFinite)).toBe(true);
    expect((progress as Calls['heat']['progress'][]).some((level) => level.columns === 5)).toBe(true);
    const [left, right, bottom, top] = extent;
    const place = { at: 'plane', x: left + ((right - left) * 3) / 8, y: bottom + ((top - bottom) * 6) / 8 } as const;
    expect(values[6 * 9 + 3]).toBeCloseTo((await call('look', { place, images: 50 })).accuracy!, 6);
  });

  it('lays the networks out by UMAP', async () => {
    const { points } = await call('umap', { neighbors: 4 });
    expect(points).toHaveLength(24);
    expect([...points].every(Number.isFinite)).toBe(true);
    expect(await outcome('umap', { neighbors: 1 })).toMatchObject({ error: { code: 'INVALID_OPTION' } });
  });

  it('searches the space, keeps what it reached, also when it is stopped', async () => {
    const request = {
      from: at(digits.networks[0]!.name),
      on: 'sample',
      steps: 8,
      learningRate: 0.02,
      batch: 50,
      compareWeights: true,
      id: 'a',
    } as const;
    const { value, progress } = await outcome('optimize', request);
    const steps = progress as Calls['optimize']['progress'][];
    expect(steps.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(steps.at(-1)).toEqual(value);
    expect(steps[8]!.loss).toBeLessThan(steps[0]!.loss);
    expect(steps[8]!.weightsLoss).toBeLessThan(steps[0]!.weightsLoss!);
    const kept = await call('look', { place: { at: 'kept', id: 'a' } });
    expect([kept.x, kept.y]).toEqual([expect.closeTo(steps[8]!.x, 4), expect.closeTo(steps[8]!.y, 4)]);

    const drawn = { images: new Uint8Array(2 * 784).fill(9), labels: [3, 3] };
    const stopped = await outcome('optimize', { ...request, on: drawn, steps: 10_000, teacher: 'best', id: 'b' }, { stopAfter: 3 });
    expect(stopped.error).toMatchObject({ code: 'ABORTED' });
    expect(await call('embeddings', { places: [{ at: 'kept', id: 'b' }] })).toHaveLength(1);
  });

  /** As the page hands files of a visitor to the worker. */
  const dropped = (files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Promise<Outcome> =>
    page.evaluate(
      (list) =>
        driven.call('bring', { id: 'mine', files: list.map(({ name, bytes }) => ({ name, bytes: Uint8Array.from(bytes).buffer })) }),
      files.map(({ name, bytes }) => ({ name, bytes: [...bytes] })),
    );

  it('writes networks that Node loads and that classify the same to 1e-5, and takes them back', async () => {
    const { space, dataset } = await inNode();
    const place = at(digits.networks[6]!.name);
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
    const [file] = await call('download', { place: at(digits.networks[6]!.name), format: 'safetensors' });
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
    const place = at(digits.networks[10]!.name);
    const files = await call('download', { place, format: 'tfjs' });
    const image = Uint8Array.from({ length: 784 }, (_, i) => (i % 28 === 14 ? 255 : 0));
    const { probabilities } = await call('classify', { image, places: [place], vote: false });
    const { mean, std } = digits.sample!;
    const site = await serve((path) => {
      if (path === '/') return '<!doctype html><link rel="icon" href="data:,"><script src="tf.js"></script>';
      if (path === '/tf.js') return readFile(fileURLToPath(import.meta.resolve('@tensorflow/tfjs/dist/tf.min.js')));
      const file = files.find(({ name }) => `/${name}` === path);
      return file && Uint8Array.from(file.bytes);
    });
    const fresh = await page.context().browser()!.newPage();
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

  it('shows the newest of many looks without the work of all, and leaks no tensor', async () => {
    const before = await call('memory', {});
    const outcomes = await page.evaluate(
      (name) =>
        Promise.all(
          Array.from({ length: 40 }, (_, i) =>
            driven.call('look', {
              place: {
                at: 'mix',
                of: [
                  { at: 'network', name },
                  { at: 'plane', x: 0, y: 0 },
                ],
                weights: [1 - i / 40, i / 40],
              },
              images: 50,
            }),
          ),
        ),
      digits.networks[0]!.name,
    );
    expect(outcomes.map(({ error }) => error?.code)).toEqual([undefined, ...Array<string>(38).fill('ABORTED'), undefined]);
    expect(await call('memory', {})).toEqual(before);
  });

  it('shows shapes: closed, facing outward, where the network has its surface', async () => {
    const { manifest } = await open('chairs');
    const place = at(manifest.networks[3]!.name);
    const space = await NetSpace.load(`file://${join(pretrained, 'chairs/space')}`, { architectures: architectureByName });
    const embedding = tf.tensor2d([[...(await call('embeddings', { places: [place] }))[0]!]]);
    const [siren] = await space.instantiate(embedding);
    for (const [cells, tolerance] of [
      [16, 0.02],
      [40, 0.005],
    ] as const) {
      const { positions, indices, normals } = await call('shape', { place, cells });
      expect(normals).toHaveLength(positions.length);
      const { closed, volume } = meshPlausibility({ positions: Float32Array.from(positions), indices: Uint32Array.from(indices) });
      expect(closed).toBe(true);
      expect(volume).toBeGreaterThan(0);
      const corners = tf.tensor2d(Float32Array.from(positions.slice(0, 450)), [150, 3]);
      const distances = siren!.architecture.apply(siren!.parameters, corners).dataSync<'float32'>().map(Math.abs); // on the surface, as Node sees it
      expect(distances.reduce((sum, one) => sum + one, 0) / distances.length).toBeLessThan(tolerance);
      corners.dispose();
    }
    disposeInstances([siren!]);
    embedding.dispose();
    space.dispose();
    expect(await outcome('shape', { place, cells: 1000 })).toMatchObject({ error: { code: 'INVALID_OPTION' } });
    expect(await outcome('download', { place, format: 'tfjs' })).toMatchObject({ error: { code: 'UNSUPPORTED' } });
    expect((await call('memory', {})).tensors).toBeLessThan(30); // the digits' are gone
  });

  it('goes on where a download broke off, and works from its cache once there is no server', async () => {
    await page.evaluate('caches.delete("netspace-explorer-1")');
    const path = '/digits/embeddings.safetensors';
    const bytes = await readFile(join(folder, path));
    const ranges: (string | undefined)[] = [];
    engine.instead.set(path, (response, range) => {
      ranges.push(range);
      const from = Number(/\d+/.exec(range ?? '')?.[0] ?? 0);
      const to = from === 0 ? 1000 : bytes.length;
      response.writeHead(range === undefined ? 200 : 206, { 'content-length': bytes.length - from, etag: '"1"' });
      response.write(bytes.subarray(from, to), () => (to < bytes.length ? setTimeout(() => response.destroy(), 50) : response.end()));
    });
    const { points } = await open('digits');
    expect(ranges).toEqual([undefined, 'bytes=1000-']);
    for (const name of ['explorer.json', 'space/space.json', 'zoo/manifest.json', 'embeddings.safetensors']) {
      engine.instead.set(`/digits/${name}`, (response) => response.destroy());
    }
    engine.asked.length = 0;
    expect((await open('digits')).points).toEqual(points);
    expect(engine.asked.filter((one) => /\.safetensors|\.bin/.test(one))).toEqual([]); // what did not change is not asked for
    engine.instead.clear();
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
    await page.evaluate('caches.delete("netspace-explorer-1")');
    engine.instead.set(`/digits/${path}`, (response) => (content === 404 ? response.writeHead(404).end() : response.end(content)));
    const { error } = await outcome('open', { source: `${engine.address}digits/`, runtime: 'wasm' });
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(await outcome('look', { place: at('x') })).toMatchObject({
      error: { code: 'NOT_FOUND', message: expect.stringContaining('open one first') as string },
    });
    expect((await call('memory', {})).tensors).toBe(0);
    engine.instead.clear();
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
      page.evaluate(async (paths) => {
        const bytes = async (path: string): Promise<ArrayBuffer> => (await fetch(`/${path}`)).arrayBuffer();
        const source: DroppedFile[] = await Promise.all(paths.map(async (path) => ({ name: path, bytes: await bytes(path) })));
        return driven.call('open', { source, runtime: 'wasm' });
      }, given);
    expect((await openFiles(names)).value).toMatchObject({ manifest: { title: expect.stringMatching(/chair/i) as string } });
    const packed = await Promise.all(names.map(async (name) => [name, new Uint8Array(await readFile(join(pretrained, name)))] as const));
    await writeFile(join(folder, 'chairs.zip'), zipSync(Object.fromEntries(packed)));
    expect((await openFiles(['chairs.zip'])).value).toMatchObject({ manifest: { title: expect.stringMatching(/chair/i) as string } });
    const lacks = (name: string) => ({ code: 'NOT_FOUND', message: expect.stringContaining(name) as string });
    expect((await openFiles(names.slice(0, 2))).error).toMatchObject(lacks('space/space.json'));
    expect((await openFiles(names.slice(1))).error).toMatchObject(lacks('explorer.json'));
  });

  it('downloads no more than its limits, whatever the server says of the length', async () => {
    await page.evaluate('caches.delete("netspace-explorer-1")');
    engine.instead.set('/digits/explorer.json', (response) => {
      response.writeHead(200, { 'content-length': 1e12 }).write('{');
    });
    const { error } = await outcome('open', { source: `${engine.address}digits/`, runtime: 'wasm' });
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', message: expect.stringContaining('got 1000000000000') as string });
    engine.instead.clear();
  });

  it('shows a space whose weights are no numbers as one that can do nothing', async () => {
    await page.evaluate('caches.delete("netspace-explorer-1")');
    const { weightsManifest } = JSON.parse(await readFile(join(folder, 'digits/space/space.json'), 'utf8')) as {
      weightsManifest: { paths: string[] }[];
    };
    const weights = `/digits/space/${weightsManifest[0]!.paths[0]!}`;
    const { length } = await readFile(join(folder, weights));
    engine.instead.set(weights, (response) => response.end(Buffer.alloc(length, 0x7e))); // half-precision NaNs
    await open('digits');
    const seen = await call('look', { place: { at: 'plane', x: 0, y: 0 }, images: 50, prep: { width: 8, height: 8 } });
    expect(seen.accuracy).toBe(0);
    expect([...(await call('heat', { images: 10, finest: 5 })).values].every((value) => value === 0)).toBe(true);
    engine.instead.clear();
    await page.evaluate('caches.delete("netspace-explorer-1")');
  });

  it("works in another site's page, its worker and that of UMAP too", async () => {
    const html = `<!doctype html><link rel="icon" href="data:,"><script type="module" src="${engine.address}driver.js"></script>`;
    const other = await serveFolders([], {
      intercept(_, _request, response) {
        response.writeHead(200, { 'content-type': 'text/html' }).end(html);
        return true;
      },
    });
    const tab = await page.context().browser()!.newPage();
    try {
      await tab.goto(other.address);
      await tab.waitForFunction("document.title === 'ready'");
      const source = `${engine.address}digits/`;
      const opened = await tab.evaluate((address) => driven.call('open', { source: address, runtime: 'wasm' }), source);
      expect(opened.value).toMatchObject({ runtime: 'wasm' });
      expect((await tab.evaluate(() => driven.call('umap', { neighbors: 3 }))).error).toBeUndefined();
    } finally {
      await tab.close();
      other.close();
    }
  });

  // In software, for machines without a graphics card. Chromium says of both that they are emulated: the page takes them only if told to.
  it.for([
    ['webgpu', ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']],
    ['webgl', SOFTWARE_GL],
  ] as const)('computes on %s what it computes on wasm: which network, and what it answers', async ([runtime, args], { skip }) => {
    // A driver that is there and does not work fails the test; so does a browser without WebGL.
    if (runtime === 'webgpu') skip(vulkanEnvironment() === undefined, 'no Vulkan driver is installed');
    const other = await drivenEngine(join(folder, 'page'), [folder], args);
    try {
      const has = await other.page.evaluate(async (name) => {
        const { gpu } = navigator as unknown as { readonly gpu?: { requestAdapter(): Promise<unknown> } };
        return name === 'webgl' ? new OffscreenCanvas(1, 1).getContext('webgl2') !== null : Boolean(await gpu?.requestAdapter());
      }, runtime);
      expect({ runtime, has }).toEqual({ runtime, has: true });
      const place = at(digits.networks[0]!.name);
      const image = Uint8Array.from({ length: 784 }, (_, i) => (i % 28 === 14 ? 255 : 0));
      const seen = [];
      for (const [where, name] of [
        [engine, 'wasm'],
        [other, runtime],
      ] as const) {
        expect(await where.call('open', { source: `${where.address}digits/`, runtime: name })).toMatchObject({ runtime: name });
        const { classId, classIdProbabilities } = await where.call('look', { place, images: 4 });
        const { probabilities } = await where.call('classify', { image, places: [place], vote: false });
        seen.push({ classId, numbers: [...classIdProbabilities, ...probabilities[0]!] });
      }
      expect(seen[1]!.classId).toBe(seen[0]!.classId);
      expectClose(seen[1]!.numbers, seen[0]!.numbers, 1e-4);
      expect(other.complaints).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('used the named runtime or refused it with words, and nothing else complained', async () => {
    const named = await outcome('open', { source: `${engine.address}digits/`, runtime: 'webgpu' });
    expect(named.error).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringMatching(/runtime webgpu.*choose another/) as string });
    expect(await call('open', { source: `${engine.address}digits/`, runtime: 'cpu' })).toMatchObject({ runtime: 'cpu' });
    expect(engine.complaints).toEqual([]);
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

const size = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);
function u8(shape: readonly number[], value = 0): RawTensor {
  return { dtype: 'U8', shape, data: new Uint8Array(size(shape)).fill(value) };
}
function f32(shape: readonly number[], value = 1): RawTensor {
  return { dtype: 'F32', shape, data: new Float32Array(size(shape)).fill(value) };
}
function tensors(named: Readonly<Record<string, RawTensor>>): Uint8Array {
  return writeSafetensors(new Map(Object.entries(named)));
}
/** A file that is nothing but its header. */
function claim(header: object): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}
