import { evaluateOutputs, evaluateSpace, refineEmbedding } from '@netspace/explore';
import { NetSpace } from '@netspace/model';
import { disposeInstances } from '@netspace/prep';
import { architectureByName, createTensorDataset, initialize, type StoredInstance, thinDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { loadMnist } from '../../datasets/load-mnist.js';
import { selectRuntime } from '../../runtime/select-runtime.js';
import type { SpaceTask } from '../measured-task.js';
import { placeNetwork } from './place-network.js';

const STEPS = 4;
const points = createTensorDataset({ name: 'points', inputs: Float32Array.from({ length: 60 }, (_, i) => Math.sin(i)), shape: [2] });
const others = () => tf.randomUniform([16, 2], -1, 1, 'float32', 5);
const task = (kind: SpaceTask['task']): SpaceTask => ({ task: kind, bounds: 1, coordinates: undefined, head: {} });
const { signal } = new AbortController();

let tensors: number;
beforeEach(async () => {
  await selectRuntime({ prefer: 'wasm' });
  tensors = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

function network(name: string) {
  const architecture = architectureByName(name);
  const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
  const space = new NetSpace({ architectures: [architecture], prepShape: [8, 512], preset: 'tiny', seed: 1 });
  return { space, entry: { name, instance, record: { name, metrics: {} } as unknown as StoredInstance['record'] } };
}

/** What is placed, and how many steps that took. */
async function placed(
  { space, entry }: ReturnType<typeof network>,
  options: Pick<Parameters<typeof placeNetwork>[2], 'dataset' | 'task' | 'refine'>,
) {
  let steps = 0;
  const onStep = (): void => void steps++;
  const { embedding, measured } = await placeNetwork(space, entry, { ...options, signal, refine: { ...options.refine, onStep } });
  const values = [...(await embedding.data().finally(() => embedding.dispose()))];
  return { steps, values, measured };
}

describe('placeNetwork', () => {
  it('refines a classifier once, and measures the network at the refined embedding', async () => {
    const { train, test } = await loadMnist();
    const made = network('lenet-like-1x28x28-10-w0.1');
    const { space, entry } = made;
    const [dataset, refine] = [thinDataset(test, 50), { inputs: train, steps: STEPS, learningRate: 1 }];
    const { steps, values, measured } = await placed(made, { dataset, task: task('classification'), refine });
    expect(steps).toBe(STEPS + 1);
    const { embedding } = await refineEmbedding(space, entry.instance, refine);
    expect(values).toEqual([...(await embedding.data().finally(() => embedding.dispose()))]);
    const { refined } = await evaluateSpace(space, [entry], dataset, { refine });
    const { targetAccuracy, predictedAccuracy, agreement } = refined!.instances[0]!;
    expect(measured).toEqual({ testAccuracy: targetAccuracy, predictedAccuracy, agreement });
    space.dispose();
    disposeInstances([entry.instance]);
  });

  it('refines a network of colors once, and measures the network at the refined embedding', async () => {
    const made = network('siren-2-16x0-3');
    const { space, entry } = made;
    const refine = { inputs: others, steps: STEPS };
    const { steps, measured } = await placed(made, { dataset: points, task: task('rgb'), refine });
    expect(steps).toBe(STEPS + 1);
    const { instances, refined } = await evaluateOutputs(space, [entry], points, { task: 'rgb', refine });
    const { mse, r2, psnr } = refined!.instances[0]!;
    expect(measured).toEqual({ r2, mse, psnr });
    expect(mse).not.toBe(instances[0]!.mse);
    space.dispose();
    disposeInstances([entry.instance]);
  });
});
