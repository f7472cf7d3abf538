import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { instanceToRawTensors, readNpy, readNpz, readPyTorchCheckpoint, readSafetensors, writeSafetensors } from '@netspace/formats';
import { ITEM_SIZE, readNpyHeader } from '@netspace/formats/internal';
import { NetSpace } from '@netspace/model';
import { fileHandler, loadTinyImageNet } from '@netspace/node';
import { architectureFromOnnx, instanceFromOnnx } from '@netspace/onnx';
import { architectureFromGraphFile, graphFileOf } from '@netspace/onnx/internal';
import { disposeInstances, unresolvedArchitecture } from '@netspace/prep';
import { shapeRecipeOptions, zooRecipeOptions } from '@netspace/train/internal';
import { boxMesh, parseObj, readMesh } from '@netspace/shapes';
import { initialize, lenetLike, memoryFiles, openInstanceStore, recoverInstances, parseCifar10 } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { readEmbeddings } from '../../packages/node/src/cli/files/embedding-file.js';
import { trainConfigOptions } from '../../packages/node/src/cli/training/train-config.js';
import { readConfigFile } from '../../packages/node/src/config/read-config-file.js';
import { csvRows } from '../../packages/node/src/zoos/tables/csv-rows.js';
import { readZoo } from '../../packages/node/src/zoos/read-zoo.js';
import { readMeasures } from '../../packages/node/src/zoos/tables/measures.js';
import { rayTune } from '../../packages/node/src/zoos/layouts/ray-tune.js';
import { parseMnistDigits } from '../../packages/node/src/datasets/parse-mnist-digits.js';
import { readCheckpoint, writeCheckpoint } from '../../packages/train/src/checkpoint/checkpoint.js';
import { memoryCheckpoint } from '../../packages/train/src/checkpoint/memory.js';
import { glbBytes, gltfParts, plyBytes, stlBytes, stlText } from '../../packages/shapes/src/testing/mesh-files.js';
import { checkImages, checkMesh, checkTensors, Contradiction } from './contradiction.js';

/** What is fuzzed: files to start from, and what reads them. */
export interface FuzzReader {
  readonly seeds: readonly Uint8Array[];
  /** Reads, checks that what was accepted does not contradict itself, and disposes of it; may return a promise. */
  read(bytes: Uint8Array): unknown;
  dispose?(): Promise<void>;
}

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const fixtureFolder = new URL('../../packages/formats/fixtures/', import.meta.url);
const checkpointFolder = new URL('checkpoints/', fixtureFolder);
const onnxFolder = new URL('../../packages/onnx/fixtures/models/', import.meta.url);

/** Files that PyTorch itself wrote. */
const fixtures = async (wanted: RegExp, folder = fixtureFolder): Promise<Uint8Array[]> =>
  Promise.all(
    (await readdir(folder)).filter((name) => wanted.test(name)).map(async (name) => new Uint8Array(await readFile(new URL(name, folder)))),
  );

/** A reader of checkpoints of PyTorch: `wanted` chooses among the fixtures. */
const pytorch = async (wanted: RegExp, folder?: URL): Promise<FuzzReader> => ({
  seeds: await fixtures(wanted, folder),
  read: (bytes) => checkTensors(readPyTorchCheckpoint(bytes)),
});

/** A reader of meshes, whatever kind the bytes say that they are. */
const meshes = (...seeds: readonly Uint8Array[]): Promise<FuzzReader> =>
  Promise.resolve({ seeds, read: async (bytes) => checkMesh(await readMesh(bytes)) });

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
/** 64 × 64 pixels, all red. */
const RED_JPEG = [
  '/9j/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhC',
  'Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCABAAEADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAA',
  'AAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFgEBAQEAAAAAAAAAAAAAAAAAAAUG/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8AigJbeAAA',
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAP/9k=',
].join('');

const architecture = lenetLike({ channels: 1, size: 28, width: 0.1 });
const instanceOf = (seed: number) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) });

/** Every reader of what anybody may have written, by name. */
export const READERS: Readonly<Record<string, () => Promise<FuzzReader>>> = {
  safetensors: async () => ({
    seeds: [
      writeSafetensors(await instanceToRawTensors(instanceOf(1)), { metadata: { format: 'pt' } }),
      writeSafetensors(new Map([['a', { dtype: 'I64', shape: [2], data: BigInt64Array.of(1n, -1n) }]])),
    ],
    read: (bytes) => checkTensors(readSafetensors(bytes).tensors),
  }),
  pytorch: () => pytorch(/\.pt$/),
  'pytorch-kinds': () => pytorch(/^(?!legacy|tar).*\.pt$/, checkpointFolder),
  'pytorch-legacy': () => pytorch(/^legacy.*\.pt$/, checkpointFolder),
  'pytorch-tar': () => pytorch(/^tar.*\.pt$/, checkpointFolder),
  'npy-array': async () => ({ seeds: await fixtures(/\.npy$/), read: (bytes) => checkTensors(new Map([['array', readNpy(bytes)]])) }),
  npz: async () => ({ seeds: await fixtures(/\.npz$/), read: (bytes) => checkTensors(readNpz(bytes)) }),
  onnx: async () => ({
    seeds: await fixtures(/^(mlp|lenet|cnn-gru|preact|gpt|resizes|keras-gru|two-heads|einsum|jax-mlp)\..*\.onnx$/, onnxFolder),
    read(bytes) {
      const architecture = architectureFromOnnx(bytes, { constants: ['const_*'] });
      const instance = instanceFromOnnx(architecture, bytes);
      const wrong = instance.parameters.findIndex(
        (tensor, i) => tensor.size !== tf.util.sizeFromShape([...architecture.parameters[i]!.shape]),
      );
      disposeInstances([instance]);
      if (wrong >= 0) throw new Contradiction(`parameter ${wrong} of another size than its spec`);
    },
  }),
  'onnx-graph': async () => ({
    seeds: (await fixtures(/^(mlp|preact)\.old\.onnx$/, onnxFolder)).map((bytes) => graphFileOf(architectureFromOnnx(bytes))!.bytes),
    read: (bytes) => architectureFromGraphFile(bytes),
  }),
  // A graph that was accepted also runs, or says why not, within its limits.
  'onnx-run': async () => ({
    seeds: await fixtures(/^(mlp|pools|norms|pads|resizes|einsum|keras-gru|two-heads|highway)\..*\.onnx$/, onnxFolder),
    read(bytes) {
      const architecture = architectureFromOnnx(bytes, { limits: { valueSize: 2 ** 16, dataBytes: 2 ** 20 } });
      const { parameters } = instanceFromOnnx(architecture, bytes);
      const inputs = Object.fromEntries(architecture.inputs!.map(({ name, shape, dtype }) => [name, tf.zeros(shape.map((side) => Math.min(side ?? 2, 64)), dtype)])); // prettier-ignore
      try {
        tf.dispose(architecture.applyNamed!(parameters, inputs));
      } finally {
        tf.dispose([...parameters, ...Object.values(inputs)]);
      }
    },
  }),
  obj: () =>
    Promise.resolve({
      seeds: [
        encode(
          '# tetrahedron\nv 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nvn 0 0 1\nvt 0 0\nf 1 3 2\nf 1/1 2/1 4/1\nf 1//1 4//1 3//1\nf -4 -1 -2\n',
        ),
        encode('o quad\r\nv 0 0 0 1 0.5 0.5\r\nv 1 0 0\r\nv 1 1 0\r\nv 0 1 0\r\nusemtl a\r\ns off\r\nf 1 2 3 4\r\n'),
      ],
      read: (bytes) => checkMesh(parseObj(decode(bytes))),
    }),
  ply: () => meshes(...(['ascii', 'binary_little_endian', 'binary_big_endian'] as const).map((format) => plyBytes(boxMesh(), format))),
  stl: () => meshes(encode(stlText(boxMesh())), stlBytes(boxMesh())),
  gltf: () => {
    const { json, binary } = gltfParts(boxMesh());
    const uri = `data:application/octet-stream;base64,${Buffer.from(binary).toString('base64')}`;
    return meshes(glbBytes(boxMesh()), encode({ ...json, buffers: [{ byteLength: binary.length, uri }] }));
  },
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
  manifest: () => storeReader('manifest.json', 'files'),
  head: () => storeReader('manifest.json', 'shards'),
  index: () => storeReader('index/000000.jsonl', 'shards'),
  recover: async () => {
    const reader = await storeReader('index/000000.jsonl', 'shards');
    return {
      ...reader,
      async read(bytes) {
        const [damaged, fresh] = [memoryFiles(), memoryFiles()];
        await damaged.write('index/000000.jsonl', bytes);
        await damaged.write('shards/000000.bin', reader.shard);
        const { names } = await recoverInstances(damaged, fresh);
        const problems = await openInstanceStore(fresh).verify();
        if (problems.length > 0 || names.length > 2) throw new Contradiction(`${names.length} networks, ${problems[0]?.problem}`);
      },
    };
  },
  npy: async () => ({
    seeds: [new Uint8Array(await readFile(new URL('small-cnn/weights.npy', zooFolder))).slice(0, 600)],
    read(bytes) {
      const { dtype, shape, dataStart, dataBytes } = readNpyHeader(bytes);
      if (dataBytes !== shape.reduce((product, side) => product * side, 1) * ITEM_SIZE[dtype])
        throw new Contradiction(`${dataBytes} bytes of [${shape}]`);
      if (dataStart > bytes.length) throw new Contradiction(`${dataStart} bytes of header in ${bytes.length}`);
    },
  }),
  csv: () =>
    zooReader(['files/metrics.csv', 'small-cnn/metrics.csv.gz'], 'metrics.csv', async (path) => {
      let columns: string | undefined;
      for await (const row of csvRows(path)) {
        const names = Object.keys(row).join('\n');
        if (names !== (columns ??= names)) throw new Contradiction(`a row of ${names}, others of ${columns}`);
      }
    }),
  jsonl: () => zooReader(['files/metrics.jsonl'], 'metrics.jsonl', (path) => readMeasures(path)),
  'ray-tune': () => {
    const run = 'ray/NN_tune_trainable_ab12c_00001_1_seed=2_2021-07-12_12-44-44';
    return zooReader([`${run}/result.json`], `${RUN}/result.json`, async (path) => {
      const { networks } = await rayTune({ folder: dirname(dirname(path)), checkpoints: 'all' });
      for await (const { metrics } of networks) checkMetrics(metrics);
    });
  },
  hdf5: () =>
    zooReader(['inr2vec/train/0.h5'], 'net.h5', async (path) => {
      for await (const network of (await readZoo({ folder: dirname(path) }, 'inr2vec')).networks) {
        checkMetrics(network.metrics);
        checkTensors(await network.tensors());
      }
    }),
  space: async () => {
    const architectures = [unresolvedArchitecture('net', [{ name: 'w', shape: [2, 4] }])];
    const space = new NetSpace({ architectures, prepShape: [4, 16], preset: 'tiny', seed: 3 });
    const folder = await mkdtemp(join(tmpdir(), 'netspace-fuzz-'));
    await space.save(fileHandler(folder));
    return {
      seeds: [new Uint8Array(await readFile(join(folder, 'space.json')))],
      async read(bytes) {
        await writeFile(join(folder, 'space.json'), bytes);
        (await NetSpace.load(fileHandler(folder))).dispose();
      },
      dispose: () => rm(folder, { recursive: true }),
    };
  },
  checkpoint: async () => {
    const storage = memoryCheckpoint();
    await writeCheckpoint(storage, { step: 3, config: { seed: 1 }, versions: { netspace: '0' }, tensors: { 'space/w': tf.ones([2, 3]) } });
    return {
      seeds: [(await storage.read())!],
      async read(bytes) {
        await storage.write(bytes);
        tf.dispose({ ...(await readCheckpoint(storage))?.tensors });
      },
    };
  },
  embeddings: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'netspace-fuzz-'));
    const raw = { dtype: 'F32', shape: [2, 4], data: new Float32Array(8) } as const;
    return {
      seeds: [writeSafetensors(new Map([['embeddings', raw]]), { metadata: { names: '["a","b"]' } })],
      async read(bytes) {
        const path = join(folder, 'embeddings.safetensors');
        await writeFile(path, bytes);
        const { names, embeddings } = await readEmbeddings(path);
        embeddings.dispose();
        if (names.length !== embeddings.shape[0]) throw new Contradiction(`${names.length} names, ${embeddings.shape[0]} embeddings`);
      },
      dispose: () => rm(folder, { recursive: true }),
    };
  },
  recipe: () =>
    configReader(zooRecipeOptions, {
      data: 'mnist',
      seed: 1,
      groups: [{ architecture: 'lenet-like-1x28x28-10', seeds: [0, 1], lengths: [1, 2], unit: 'steps' }],
    }),
  shapes: () => configReader(shapeRecipeOptions, { kind: 'shapes', architecture: 'siren-3-64x1-1', steps: 100, batchSize: 256 }),
  config: () =>
    configReader(trainConfigOptions, {
      ...{ zoo: 'my-zoo', data: 'mnist', space: { prepShape: [8, 512], preset: 'small' }, steps: 100 },
      ...{ batch: { nets: 4, inputs: 16 }, learningRate: 1e-3 },
    }),
};

const zooFolder = new URL('../../packages/node/fixtures/zoos/', import.meta.url);
const RUN = 'NN_tune_trainable_ab12c_00001_1_seed=2_2021-07-12_12-44-44';

/** A reader of one file of somebody else's zoo, which is put where it belongs. */
async function zooReader(seeds: readonly string[], name: string, read: (path: string) => Promise<unknown>): Promise<FuzzReader> {
  const folder = await mkdtemp(join(tmpdir(), 'netspace-fuzz-'));
  const path = join(folder, name);
  if (name.startsWith(RUN)) await cp(new URL(`ray/${RUN}`, zooFolder), dirname(path), { recursive: true });
  return {
    seeds: await Promise.all(seeds.map(async (seed) => new Uint8Array(await readFile(new URL(seed, zooFolder))))),
    async read(bytes) {
      await writeFile(path, bytes);
      await read(path);
    },
    dispose: () => rm(folder, { recursive: true }),
  };
}

function checkMetrics(metrics: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(metrics)) if (!Number.isFinite(value)) throw new Contradiction(`${name} is ${value}`);
}

/** A reader of one file of a zoo of two networks. */
async function storeReader(file: string, layout: 'shards' | 'files'): Promise<FuzzReader & { readonly shard: Uint8Array }> {
  const files = memoryFiles();
  const store = openInstanceStore(files, { layout });
  for (const seed of [1, 2])
    await store.add({ name: `net-${seed}`, instance: instanceOf(seed), epochs: 1, seed, metrics: { accuracy: 0.5 } });
  return {
    seeds: [await files.read(file)],
    shard: layout === 'shards' ? await files.read('shards/000000.bin') : new Uint8Array(),
    async read(bytes) {
      await files.write(file, bytes);
      const reopened = openInstanceStore(files);
      for (const { name } of await reopened.list()) tf.dispose([...(await reopened.load(name)).parameters]);
      await reopened.verify();
    },
  };
}

async function configReader(schema: Parameters<typeof readConfigFile>[1], seed: unknown): Promise<FuzzReader> {
  const folder = await mkdtemp(join(tmpdir(), 'netspace-fuzz-'));
  return {
    seeds: [encode(seed)],
    async read(bytes) {
      const path = join(folder, 'config.json');
      await writeFile(path, bytes);
      return readConfigFile(path, schema, { example: { config: '{}', command: 'netspace init' } });
    },
    dispose: () => rm(folder, { recursive: true }),
  };
}
