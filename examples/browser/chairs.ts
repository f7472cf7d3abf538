// A space that ships with the project, straight from its files: halfway between two chairs that it knows, cut through the middle.
import { interpolateEmbeddings } from '@netspace/explore';
import { rawToFloat32, readSafetensors } from '@netspace/formats';
import { NetSpace } from '@netspace/model';
import { architectureByName } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

const SIDE = 96;

/** Draws the cut x = 0 of the cube of ±0.6, y up: dark inside. */
export async function drawHalfway(canvas: HTMLCanvasElement, folder: URL): Promise<void> {
  const space = await NetSpace.load(new URL('space', folder).href, { architectures: architectureByName });
  const bytes = await (await fetch(new URL('embeddings.safetensors', folder))).arrayBuffer();
  const { tensors, metadata } = readSafetensors(new Uint8Array(bytes));
  const embeddings = rawToFloat32(tensors.get('embeddings')!);
  const names = JSON.parse(metadata['names']!) as readonly string[]; // in the order of the embeddings
  const { embeddingSize } = space.config;
  const embeddingOf = (name: string): tf.Tensor1D => {
    const begin = names.indexOf(name) * embeddingSize;
    return tf.tensor1d(embeddings.subarray(begin, begin + embeddingSize));
  };
  const values = tf.tidy(() => {
    const halfway = interpolateEmbeddings(embeddingOf('kenney_chair'), embeddingOf('kenney_loungeChair'), [0.5]);
    const [chair] = space.instantiateAs(halfway, [0]);
    const at = (k: number): number => ((k + 0.5) / SIDE - 0.5) * 1.2;
    const points = Array.from({ length: SIDE ** 2 }, (_, i) => [0, -at(Math.floor(i / SIDE)), at(i % SIDE)]);
    return chair!.architecture.apply(chair!.parameters, tf.tensor2d(points));
  });
  const distances = await values.data<'float32'>();
  const pixels = new Uint8ClampedArray(SIDE ** 2 * 4);
  distances.forEach((distance, i) => pixels.set(distance < 0 ? [60, 90, 140, 255] : [230, 235, 240, 255], 4 * i));
  canvas.getContext('2d')!.putImageData(new ImageData(pixels, SIDE, SIDE), 0, 0);
  canvas.dataset['inside'] = String(distances.filter((distance) => distance < 0).length);
}
