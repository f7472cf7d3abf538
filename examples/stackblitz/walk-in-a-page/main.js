// Question: what lies between two networks, in a page? Encode, walk, decode, run; no server and no training.
// Output, as the page's title: 11 networks on the way
import '@tensorflow/tfjs';
import { walk } from '@netspace/explore';
import { NetSpace } from '@netspace/model';
import { disposeInstances, packPRep, requiredPRepShape } from '@netspace/prep';
import { prepPicture } from '@netspace/report/pictures';
import { initialize, lenetLike } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs';

await tf.setBackend('cpu'); // small networks; `webgl`, `webgpu` and `wasm` do as well
const architecture = lenetLike({ channels: 1, size: 28, width: 0.25 });
const [from, to] = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
const [rows] = requiredPRepShape(architecture, { width: 8, heightMultiple: 8 });
// An untrained space: every point decodes to the first network, nearly. Load one of yours with NetSpace.load(address).
const space = new NetSpace({
  architectures: [architecture],
  prepShape: [8, rows],
  preset: 'tiny',
  start: { from: 'instance', instance: from },
});
const digit = tf.randomUniform([1, 28, 28, 1], 0, 1, 'float32', 3);

/** Decodes the network at γ, asks it about the digit and draws its parameters. */
async function show(gamma) {
  const { instances, embeddings } = await walk(space, from, to, { gammas: [gamma] });
  const said = tf.tidy(() => tf.argMax(architecture.apply(instances[0].parameters, digit), 1));
  const [answer] = await said.data();
  const prep = packPRep(instances[0], space.config.prepShape);
  const { width, height, data } = prepPicture(await prep.array(), { parameters: architecture.parameters, width: 640, height: 64 });
  tf.dispose([said, prep, embeddings]);
  disposeInstances(instances);
  document.querySelector('#value').textContent = gamma.toFixed(2);
  document.querySelector('#answer').textContent = answer;
  document
    .querySelector('#prep')
    .getContext('2d')
    .putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
}

const slider = document.querySelector('#gamma');
slider.addEventListener('input', () => show(Number(slider.value)));
const way = await walk(space, from, to, { steps: 11 });
document.title = `${way.instances.length} networks on the way`;
way.embeddings.dispose();
disposeInstances(way.instances);
await show(0);
