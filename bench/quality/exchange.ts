import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { rawToFloat32, type RawTensor } from '@netspace/formats';
import { singleArchitectureLoss } from '@netspace/losses';
import { stateDictsOf } from '@netspace/model';
import { packPReps, unpackPRep } from '@netspace/prep';
import { imageBatch, type StoredInstance } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { type QualityZoo, spaceOf } from './quality-zoo.js';
import { type QualityRecipe, stepOfLook } from './recipes.js';

/** More looks than a run has. */
const LOOKS = 1000;

/**
 * Writes what `peers/quality.py` learns from: the zoo, the images, the recipe, and the space as it starts, so that both begin alike.
 *
 * `task.json` also has our loss of the first networks on the first images, before any step: the peer refuses to run if its own differs.
 */
export async function writeExchange(folder: string, recipe: QualityRecipe, zoo: QualityZoo, seed: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const space = spaceOf(recipe, zoo, seed);
  const write = (name: string, values: Float32Array | Uint8Array) => writeFileSync(join(folder, name), values);
  const packed = async (members: readonly StoredInstance[]): Promise<Float32Array> => {
    const preps = packPReps(members.map(({ instance }) => instance), space.config.prepShape); // prettier-ignore
    return preps.data<'float32'>().finally(() => preps.dispose());
  };
  write('known.f32', await packed(zoo.known));
  write('held-out.f32', await packed(zoo.heldOut));
  write('images.u8', zoo.train.images);
  write('labels.u8', Uint8Array.from(zoo.train.labels));
  const { encoder, decoder, units } = await stateDictsOf(space);
  const tensorsIn = (file: string, tensors: ReadonlyMap<string, RawTensor>) => {
    const values = [...tensors.values()].map(rawToFloat32);
    const joined = new Float32Array(values.reduce((sum, { length }) => sum + length, 0));
    values.reduce((at, one) => (joined.set(one, at), at + one.length), 0);
    write(file, joined);
    return [...tensors].map(([name, { shape }]) => ({ name, shape }));
  };
  const { channels, ...sizes } = sizesOf(space.config);
  const task = {
    ...{ recipe, seed, prepShape: space.config.prepShape, sizes: { ...sizes, channels } },
    looks: Array.from({ length: LOOKS }, (_, look) => stepOfLook(recipe, look)),
    parameters: space.architectures[0]!.parameters.map(({ shape }) => shape),
    images: { shape: [zoo.train.shape[2], zoo.train.shape[0], zoo.train.shape[1]], mean: zoo.train.mean, std: zoo.train.std }, // one channel: the same in both orders
    weights: { encoder: tensorsIn('encoder.f32', encoder), decoder: tensorsIn('decoder.f32', decoder) },
    ...(units && { units: tensorsIn('units.f32', units) }),
    firstLoss: await firstLoss(space, recipe, zoo),
  };
  writeFileSync(join(folder, 'task.json'), JSON.stringify(task));
  space.dispose();
}

type Space = ReturnType<typeof spaceOf>;

/** Sizes by the names of the peer's modules. */
const sizesOf = ({ embeddingSize, encoderWidth, grid, decoderChannels, decoderWidth, decoderHidden }: Space['config']) => ({
  ...{ embedding: embeddingSize, encoder: encoderWidth },
  ...{ grid, channels: decoderChannels, width: decoderWidth, hidden: decoderHidden },
});

async function firstLoss(space: Space, { batch, task }: QualityRecipe, { known, train }: QualityZoo): Promise<number> {
  const loss = tf.tidy(() => {
    const [architecture] = space.architectures;
    const targets = known.slice(0, batch.nets).map(({ instance }) => instance);
    const { images, labels } = imageBatch(train, [...Array(batch.inputs).keys()]);
    const { preps } = space.decode(space.encode(targets));
    const logits = (parameters: readonly tf.Tensor[]) => architecture!.apply(parameters, images) as tf.Tensor2D;
    const students = tf.unstack(preps).map((prep) => logits(unpackPRep(prep as tf.Tensor2D, architecture!)));
    return singleArchitectureLoss(students, targets.map(({ parameters }) => logits(parameters)), { ...task, labels }); // prettier-ignore
  });
  return (await loss.data().finally(() => loss.dispose()))[0]!;
}
