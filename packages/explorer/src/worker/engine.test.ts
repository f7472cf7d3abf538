// The engine as a page drives it: in Chromium, on a space that the test makes and on pretrained/chairs, under the page's content policy.
import '@tensorflow/tfjs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { instanceFromCheckpoint, readSafetensors } from '@netspace/formats';
import { NetSpace } from '@netspace/model';
import { architectureFromOnnx } from '@netspace/onnx';
import { graphFileOf } from '@netspace/onnx/internal';
import { disposeInstances } from '@netspace/prep';
import { expectClose } from '@netspace/testing';
import { describeInChromium } from '@netspace/testing/chromium';
import { type Driven } from '@netspace/testing/explorer/driven-engine';
import { at, engineStage, pretrained } from '@netspace/testing/explorer/engine-stage';
import { writeDigitsFolder } from '@netspace/testing/explorer/folder';
import { meshPlausibility } from '@netspace/shapes';
import { accuracy, architectureByName, initialize } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { zooOnnx } from '../../../node/src/cli/files/zoo-onnx.js';
import type { Calls, Opened } from './messages/protocol.js';

/** What the page's script keeps, in what is evaluated there. */
declare const driven: Driven;

describeInChromium('the engine', () => {
  const stage = engineStage();
  const { outcome, call, open, inNode, embeddingRow } = stage;

  it('opens a folder: tells how far it is, draws the map first, says which runtime and why not the others', async () => {
    const { value, progress } = await outcome('open', { source: `${stage.engine.address}digits/explorer.json`, runtime: 'fastest' });
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
      withWeights: stage.digits.networks.filter((_, i) => i % 4 < 2).map(({ name }) => name),
    });
    expect(opened.trials.map(({ runtime }) => runtime)).toEqual(['webgpu', 'webgl', 'wasm']);
    for (const { runtime, decodeMs, problem } of opened.trials) expect(runtime === 'wasm' ? decodeMs! > 0 : problem).toBeTruthy();
    expect(opened.points).toHaveLength(2 * stage.digits.networks.length);
    expect(opened.sample).toMatchObject({ count: 100, height: 28, width: 28, channels: 1 });
  });

  it('decodes what Node decodes: architecture, accuracy, confusion, pictures', async () => {
    const { points } = await open('digits');
    const { space, dataset } = await inNode();
    const embedding = tf.tensor2d(await embeddingRow(5), [1, 64]);
    const [network] = await space.instantiate(embedding);
    const seen = await call('look', {
      ...{ place: at(stage.digits.networks[5]!.name), images: 1000, prep: { width: 60, height: 16 } },
      difference: { from: at(stage.digits.networks[0]!.name), width: 60, height: 16 },
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
    const [a, b] = [at(stage.digits.networks[0]!.name), at(stage.digits.networks[1]!.name)];
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
    const ends = [0, 1].map((row) => at(stage.digits.networks[row]!.name));
    const { stops } = await call('curve', { through: ends, steps: 5, images: 1000, averages: true });
    expect(stops.map(({ gamma }) => gamma)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(stops[0]!.accuracy).toBe((await call('look', { place: ends[0]!, images: 1000 })).accuracy);
    const { dataset } = await inNode();
    const manifest = JSON.parse(await readFile(join(stage.folder, 'digits/zoo/manifest.json'), 'utf8')) as {
      instances: { file: string }[];
    };
    const bytes = await readFile(join(stage.folder, 'digits/zoo', manifest.instances[1]!.file));
    const target = instanceFromCheckpoint(architectureByName(stage.digits.networks[1]!.architecture), bytes);
    expect(stops[4]!.averageAccuracy).toBeCloseTo(await accuracy(target, dataset), 2);
    disposeInstances([target]);
    const path = await call('curve', { through: [...ends, at(stage.digits.networks[4]!.name)], steps: 3, images: 10, averages: true });
    expect(path.stops.map(({ averageAccuracy }) => averageAccuracy)).toEqual([undefined, undefined, undefined]);
  });

  it('runs networks of an ONNX file, whose graph lies beside the space', async () => {
    const lenet = architectureByName('lenet-like-1x28x28-10-w0.25');
    const architecture = architectureFromOnnx(
      await zooOnnx({ architecture: lenet, parameters: initialize(lenet.parameters, { seed: 1 }) }),
    );
    const own = await writeDigitsFolder(join(stage.folder, 'own'), { architectures: [architecture] });
    await mkdir(join(stage.folder, 'own/space/architectures'));
    await writeFile(join(stage.folder, `own/space/architectures/${architecture.name}.onnx`), graphFileOf(architecture)!.bytes);
    const opened = await open('own');
    expect(opened.withWeights).toHaveLength(2);
    const places = own.networks.map(({ name }) => at(name));
    const image = Uint8Array.from({ length: 784 }, (_, i) => (i % 28 === 14 ? 255 : 0));
    const { probabilities } = await call('classify', { image, places, vote: false });

    const space = await NetSpace.load(`file://${join(stage.folder, 'own/space')}`, { architectures: [architecture] });
    const { tensors } = readSafetensors(await readFile(join(stage.folder, 'own/embeddings.safetensors')));
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
    const places = [0, 4, 8].map((row) => at(stage.digits.networks[row]!.name));
    const { value, progress } = await outcome('classify', { image, places, vote: true });
    const { probabilities, vote, voters } = value as Calls['classify']['answer'];
    expect(progress).toEqual([{ probabilities }]); // before all others are decoded
    expect(await outcome('classify', { image, places, vote: true })).toEqual({ value, progress: [] });
    expect(probabilities).toHaveLength(3);
    for (const row of [...probabilities, vote!]) expect(row.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
    expect(voters).toBe(12);
    const all = await call('classify', { image, places: stage.digits.networks.map(({ name }) => at(name)), vote: false });
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
      from: at(stage.digits.networks[0]!.name),
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

  it('shows the newest of many looks without the work of all, and leaks no tensor', async () => {
    const before = await call('memory', {});
    const outcomes = await stage.page.evaluate(
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
      stage.digits.networks[0]!.name,
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
});
