// Run by a test, in a process of its own, as webgpu-child.ts: takes steps of training on webgpu and on cpu from the same start and sends
// how far they are apart, and what becomes of a network with a weight that is NaN; 'no device' if there is none.
import { NetSpace } from '@netspace/model';
import { selectRuntime } from '@netspace/node';
import { trainNetSpace, type TrainTask } from '@netspace/train';
import { disposeInstances, requiredPRepShape, type Architecture, type Instance } from '@netspace/prep';
import { createImageDataset, initialize, lenetLike, resnet8, siren, vanillaCnn } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

const send = (message: unknown): Promise<void> => new Promise((resolve) => process.send?.(message, () => resolve()));

const device = await selectRuntime({ prefer: 'webgpu' }).catch((error: unknown) => String(error));
if (typeof device === 'string') {
  await send({ noDevice: device });
  process.exit(0);
}

const images = { channels: 1, size: 13, classes: 3, width: 0.1 };
const [lenet, resnet, vanilla] = [lenetLike(images), resnet8(images), vanillaCnn(images)];
const dataset = createImageDataset({
  ...{ name: 'noise', shape: [13, 13, 1], classes: 3, mean: [0.5], std: [0.25] },
  images: Uint8Array.from({ length: 8 * 169 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24),
  labels: Uint8Array.from({ length: 8 }, (_, i) => i % 3),
});
const classification = { kind: 'classification', dataset } as const;
const runs: readonly {
  readonly name: string;
  readonly architectures: readonly Architecture[];
  readonly task: TrainTask;
  readonly steps: number;
}[] = [
  { name: 'three architectures, targets and networks between', architectures: [lenet, vanilla, resnet], task: classification, steps: 1 },
  { name: 'one architecture, SIRENs', architectures: [siren({ hidden: 8 })], task: { kind: 'sdf' }, steps: 2 },
];

const sizes = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 16, decoderHidden: 4 };

const spaces = [];
for (const run of runs) {
  const [cpu, webgpu] = [await train('cpu', run), await train('webgpu', run)];
  spaces.push({
    name: run.name,
    losses: Math.max(...cpu.losses.map((loss, i) => Math.abs(loss - webgpu.losses[i]!) / Math.abs(loss))),
    changes: Math.max(...cpu.changes.map((change, i) => distance(change, webgpu.changes[i]!))),
    leaked: [cpu.leaked, webgpu.leaked],
  });
}
await send({ spaces, notANumber: await instantiatedFromNaN(), device: device.device });
process.exit(0);

/** The error, if any, of encoding a network with one NaN on webgpu, where `encode` cannot look, and decoding it again. */
async function instantiatedFromNaN(): Promise<string> {
  await tf.setBackend('webgpu');
  const space = new NetSpace({ architectures: [lenet], prepShape: requiredPRepShape(lenet, { width: 64 }), ...sizes, seed: 1 });
  const [first, ...others] = initialize(lenet.parameters, { seed: 1 });
  const spoiled = tf.where(tf.equal(tf.range(0, first!.size), 0), NaN, tf.reshape(first!, [-1]));
  const instance: Instance = { architecture: lenet, parameters: [tf.reshape(spoiled, first!.shape), ...others] };
  try {
    const embedding = space.encode([instance]);
    await space.instantiate(embedding);
    return 'instantiated';
  } catch (error) {
    return String(error);
  }
}

/** Losses of some steps, all their terms, and by how much they moved each variable. */
async function train(backend: string, { architectures, task, steps }: (typeof runs)[number]) {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const instances = Array.from({ length: 4 }, (_, seed): Instance => {
    const architecture = architectures[seed % architectures.length]!;
    const scheme = task.kind === 'sdf' ? 'siren' : 'pytorch';
    return { architecture, parameters: initialize(architecture.parameters, { seed, scheme }) };
  });
  const space = new NetSpace({ architectures, prepShape: requiredPRepShape(architectures, { width: 64 }), ...sizes, seed: 1 });
  const read = () => Promise.all(Object.values(space.variables).map((variable) => variable.data()));
  const start = await read();
  const losses: number[] = [];
  const options = { instances, task, steps, batch: { nets: 4, inputs: 6 }, learningRate: 1e-3, readEvery: 1, seed: 3 };
  for await (const step of trainNetSpace(space, options)) losses.push(...Object.values(step.losses!));
  const end = await read();
  space.dispose();
  disposeInstances(instances);
  const changes = end.map((values, i) => Float64Array.from(values, (value, k) => value - start[i]![k]!));
  return { losses: losses.filter((loss) => loss !== 0), changes, leaked: tf.memory().numTensors - before };
}

/** Distance of two changes, relative to the first: Adam's first steps go by signs, which rounding turns where a gradient is nearly zero. */
function distance(expected: Float64Array, got: Float64Array): number {
  let [difference, whole] = [0, 0];
  expected.forEach((value, i) => {
    difference += (value - got[i]!) ** 2;
    whole += value ** 2;
  });
  return whole === 0 ? Math.sqrt(difference) : Math.sqrt(difference / whole);
}
