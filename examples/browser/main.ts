// Question: how do I run a space in a web page? No server, no training: encode, walk, decode, run.
import '@tensorflow/tfjs';
import { prepPicture } from '@netspace/report';
import { walk } from '@netspace/explore';
import { NetSpace } from '@netspace/model';
import { disposeInstances, packPRep, requiredPRepShape } from '@netspace/prep';
import { initialize, lenetLike } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { drawHalfway } from './chairs.js';

const element = (id: string): HTMLElement => document.getElementById(id)!;

await tf.setBackend('cpu'); // small networks; `webgl`, `webgpu` and `wasm` do as well
const architecture = lenetLike({ channels: 1, size: 28, width: 0.25 });
const [from, to] = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
const [rows] = requiredPRepShape(architecture, { width: 8, heightMultiple: 8 });
// An untrained one; `chairs.ts` loads a trained one.
const space = new NetSpace({
  architectures: [architecture],
  prepShape: [8, rows],
  preset: 'tiny',
  start: { from: 'instance', instance: from! },
});
const digit = tf.randomUniform([1, 28, 28, 1], 0, 1, 'float32', 3);

async function show(gamma: number): Promise<void> {
  const { picture, answer } = await look(gamma);
  element('gamma-value').textContent = gamma.toFixed(2);
  element('answer').textContent = `${answer}`;
  const { width, height, data } = picture;
  (element('prep') as HTMLCanvasElement).getContext('2d')!.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
}

async function look(gamma: number) {
  const { instances, embeddings } = await walk(space, from!, to!, { gammas: [gamma] });
  const [network] = instances;
  const said = tf.tidy(() => tf.argMax(architecture.apply(network!.parameters, digit), 1));
  const [answer] = await said.data();
  const prep = packPRep(network!, space.config.prepShape);
  const picture = prepPicture(await prep.array(), { parameters: architecture.parameters, width: 640, height: 64 });
  tf.dispose([said, prep, embeddings]);
  disposeInstances(instances);
  return { picture, answer };
}

element('gamma').addEventListener('input', (event) => void show(Number((event.target as HTMLInputElement).value)));
await show(0);
await drawHalfway(element('chair') as HTMLCanvasElement, new URL('pretrained/chairs/', location.href));
element('status').textContent = 'ready';
