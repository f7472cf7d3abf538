import { disposeInstances, parameterCount, tensorShape, type Architecture, type Instance, type PRepBatch } from '@netspace/prep';
import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';

import { NetSpace } from './net-space.js';

/** A linear classifier of `inputs` numbers; small, but a whole architecture. */
const linear = (inputs: number, outputs = 3): Architecture => ({
  name: `linear-${inputs}-${outputs}`,
  parameters: [
    { name: 'weight', shape: [outputs, inputs], tensorAxes: [1, 0] },
    { name: 'bias', shape: [outputs] },
  ],
  apply: ([weight, bias], x) => tf.add(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D), bias!),
});

const instanceOf = (architecture: Architecture, seed: number): Instance => ({
  architecture,
  parameters: architecture.parameters.map((spec, i) => tf.randomNormal(tensorShape(spec), 0, 1, 'float32', seed + i)),
});

const small = linear(5);
const large = linear(20);
const tiny = { prepShape: [4, 16], preset: 'tiny' } as const;

describeOnRuntimes('NetSpace', () => {
  it('numbers architectures by parameter count', () => {
    const space = new NetSpace({ ...tiny, architectures: [large, small] });
    expect(space.architectures.map(({ name }) => name)).toEqual(['linear-5-3', 'linear-20-3']);
    expect(space.classIdOf('linear-20-3')).toBe(1);
    expect(space.classIdOf(instanceOf(small, 1))).toBe(0);
    expect(() => space.classIdOf('linear-7-3')).toThrow(/knows \(linear-5-3, linear-20-3\), got linear-7-3; .* make a space/);
    space.dispose();
  });

  it('refuses to encode a network of an architecture that it does not know, also where it knows but one', () => {
    const space = new NetSpace({ ...tiny, architectures: [large] });
    expect(() => space.encode([instanceOf(large, 1), instanceOf(small, 1)])).toThrow(/\(linear-20-3\), got linear-5-3/);
    space.dispose();
  });

  it('has the weights of equal seeds in common, and of others not', () => {
    const [a, b, c] = [1, 1, 2].map((seed) => new NetSpace({ ...tiny, architectures: [small, large], seed }));
    const values = (space: NetSpace) => Object.values(space.variables).map((variable) => variable.dataSync());
    expect(values(a!)).toEqual(values(b!));
    expect(values(a!)).not.toEqual(values(c!));
    [a, b, c].forEach((space) => space!.dispose());
  });

  it('instantiates what it encodes, with the shapes of the architecture', async () => {
    const space = new NetSpace({ ...tiny, architectures: [small, large] });
    const instances = [instanceOf(large, 1), instanceOf(small, 2), instanceOf(large, 3)];
    const embeddings = space.encode(instances);
    expect(embeddings.shape).toEqual([3, 64]);
    const predicted = await space.instantiate(embeddings, { classIds: [1, 0, 1] });
    predicted.forEach(({ architecture, parameters, classId }, i) => {
      expect(architecture).toBe(instances[i]!.architecture);
      expect(classId).toBe(space.classIdOf(architecture.name));
      expect(parameters.map((tensor) => tensor.shape)).toEqual(architecture.parameters.map(tensorShape));
    });
    expect(predicted[0]!.architecture.apply(predicted[0]!.parameters, tf.ones([7, 20])).shape).toEqual([7, 3]);
    space.dispose();
  });

  it('encodes instances as it encodes their PReps, and leaves out padding', () => {
    const space = new NetSpace({ architectures: [small, large], prepShape: [20, 16], preset: 'tiny' });
    const instances = [instanceOf(large, 1), instanceOf(small, 2)];
    const batch = space.pack(instances);
    expect(batch.classIds).toEqual([1, 0]);
    expect(batch.usedRows).toEqual([4, 2]); // 63 and 18 numbers in rows of 16
    const expected = space.encode({ ...batch, usedRows: [20, 20] }).dataSync(); // of 20 rows, all looked at
    expectClose(space.encode(instances).dataSync(), expected, 1e-6);
    expect(space.encode(batch).dataSync()).toEqual(space.encode(instances).dataSync());
    batch.preps.dispose();
    space.dispose();
  });

  it('encodes every instance alike in any batch', () => {
    const space = new NetSpace({ ...tiny, architectures: [small, large] });
    const instances = [instanceOf(large, 1), instanceOf(small, 2), instanceOf(small, 3)];
    const all = space.encode(instances).arraySync();
    instances.forEach((instance, i) => expectClose(space.encode([instance]).dataSync(), all[i]!, 1e-6));
    space.dispose();
  });

  it('takes the weights that it is given, shared with no other space', () => {
    const space = new NetSpace({ ...tiny, architectures: [small], seed: 5 });
    const copy = new NetSpace({ ...tiny, architectures: [small], start: { from: 'weights', weights: space.variables } });
    const name = 'decoder/conv1.0.bias';
    const before = space.variables[name]!.dataSync();
    expect(copy.variables[name]!.dataSync()).toEqual(before);
    copy.variables[name]!.assign(tf.zerosLike(copy.variables[name]!));
    expect(space.variables[name]!.dataSync()).toEqual(before);
    const weights = { ...space.variables, [name]: tf.zeros([3]) };
    expect(() => new NetSpace({ ...tiny, architectures: [small], start: { from: 'weights', weights } })).toThrow(
      /decoder\/conv1.0.bias as \[\d+\], got \[3\]/,
    );
    space.dispose();
    copy.dispose();
  });

  it('differentiates the networks of one embedding and of several', () => {
    const space = new NetSpace({ ...tiny, architectures: [small] });
    for (const count of [1, 2]) {
      const embeddings: tf.Tensor2D = tf.randomNormal([count, 64], 0, 1, 'float32', 1);
      const preps = (e: tf.Tensor) => tf.slice(tf.reshape(space.decode(e as tf.Tensor2D).preps, [count, 64]), [0, 0], [count, 18]);
      const networks = (e: tf.Tensor) =>
        space.instantiateAs(e as tf.Tensor2D, Array<number>(count).fill(0)).flatMap(({ parameters }) => parameters);
      const sum = (tensors: readonly tf.Tensor[]) => tf.addN(tensors.map((tensor) => tf.sum(tf.square(tensor)))) as tf.Scalar;
      expectClose(
        tf
          .grad((e) => sum(networks(e)))(embeddings)
          .dataSync(),
        tf
          .grad((e) => sum([preps(e)]))(embeddings)
          .dataSync(),
        1e-5,
      );
    }
    space.dispose();
  });

  it('lets the class head choose the architecture, reading nothing at once', async () => {
    const space = new NetSpace({ ...tiny, architectures: [small, large] });
    const embeddings: tf.Tensor2D = tf.randomNormal([4, 64], 0, 5, 'float32', 3);
    const chosen = [...tf.argMax(space.decode(embeddings).classLogits!, 1).dataSync()];
    expect(new Set(chosen).size).toBe(2);
    const readAtOnce = vi.spyOn(tf.engine(), 'readSync');
    const networks = await space.instantiate(embeddings);
    expect(readAtOnce).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    expect(networks.map(({ classId }) => classId)).toEqual(chosen);
    const values = (instances: readonly Instance[]) => instances.map(({ parameters }) => parameters.map((tensor) => tensor.arraySync()));
    expect(values(networks)).toEqual(values(space.instantiateAs(embeddings, chosen)));
    space.dispose();
  });

  it('starts as the instance that it is told to', () => {
    const instance = instanceOf(large, 7);
    const space = new NetSpace({ ...tiny, architectures: [large], start: { from: 'instance', instance } });
    expect(space.startedFrom).toBe('instance');
    const bias = space.variables['decoder/scalelayer.bias']!.dataSync();
    const count = parameterCount(large.parameters);
    expect([...bias.slice(0, 20)]).toEqual([...tf.transpose(instance.parameters[0]!).dataSync().slice(0, 20)]);
    expect([...bias.slice(count)].every((value) => value === 0)).toBe(true);
    space.dispose();
  });

  it('trains every variable', () => {
    const space = new NetSpace({ ...tiny, architectures: [small, large], start: { from: 'instance', instance: instanceOf(small, 1) } });
    const instances = [instanceOf(small, 2), instanceOf(large, 3)];
    const { grads, value } = tf.variableGrads(() => {
      const { preps, classLogits } = space.decode(space.encode(instances));
      return tf.add(tf.sum(tf.square(preps)), tf.sum(tf.square(classLogits!)));
    });
    expect(Object.keys(grads).length).toBe(Object.keys(space.variables).length);
    for (const gradient of Object.values(grads)) expect(tf.max(tf.abs(gradient)).dataSync()[0]).toBeGreaterThan(0);
    tf.dispose([grads, value]);
    space.dispose();
  });

  it('leaks no tensor', () => {
    const instances = [instanceOf(small, 2), instanceOf(large, 3)];
    expectNoLeak(() => {
      const space = new NetSpace({ ...tiny, architectures: [small, large] });
      const embeddings = space.encode(instances);
      const { preps, classLogits } = space.decode(embeddings);
      const parameters = space.instantiateAs(embeddings, [0, 1]).map((instance) => [...instance.parameters]);
      space.dispose();
      return { embeddings, preps, classLogits: classLogits!, parameters };
    });
  });

  it('leaks no tensor where it waits for the class head, nor where it refuses', async () => {
    const space = new NetSpace({ ...tiny, architectures: [small, large] });
    const embeddings: tf.Tensor2D = tf.randomNormal([3, 64], 0, 5, 'float32', 3);
    const { 'decoder/scalelayer.bias': _, ...weights } = space.variables;
    const instances = [instanceOf(small, 2), instanceOf(large, 3)];
    const before = tf.memory().numTensors;
    disposeInstances(await space.instantiate(embeddings));
    await expect(space.instantiate(embeddings, { classIds: [0] })).rejects.toThrow(/each of 3 networks, got 1/);
    const start = { from: 'weights', weights } as const;
    expect(() => new NetSpace({ ...tiny, architectures: [small, large], start, units: { of: instances } })).toThrow(/scalelayer.bias/);
    expect(tf.memory().numTensors).toBe(before);
    space.dispose();
  });

  it('refuses what it cannot do, saying what to do', async () => {
    expect(() => new NetSpace({ ...tiny, architectures: [] })).toThrow(/at least one architecture/);
    expect(() => new NetSpace({ ...tiny, architectures: [small, linear(5)] })).toThrow(/linear-5-3 twice/);
    expect(() => new NetSpace({ ...tiny, architectures: [linear(40)] })).toThrow(/64 parameters for PReps of 4×16, got 123.*use 8×16/);
    expect(() => new NetSpace({ ...tiny, prepShape: [4, 8], architectures: [linear(1000)] })).toThrow(/of 4×8, got 3003.*use 8×376$/);
    expect(() => new NetSpace({ ...tiny, architectures: [small], embeddingSize: 64e6 })).toThrow(/at most 536870912 weights, got sizes/);
    const space = new NetSpace({ ...tiny, architectures: [small, large] });
    const preps = tf.zeros<tf.Rank.R3>([1, 8, 16]);
    expect(() => space.encode({ preps, classIds: [0], usedRows: [1] })).toThrow(/\[B, 4, 16\], got \[1,8,16\]/);
    expect(() => space.encode(preps as unknown as [])).toThrow(/instances or a batch .* got a tensor; space.pack\(instances\)/);
    expect(() => space.encode({ preps: tf.zeros([1, 4, 16]) } as PRepBatch)).toThrow(/with classIds and usedRows, got PReps alone/);
    const instance = { architecture: small, parameters: [] };
    expect(() => space.encode(instance as unknown as [])).toThrow(/NetSpace\.encode: expected a list of instances, .* write \[instance\]/);
    expect(() => space.encode([{ instance }] as unknown as [])).toThrow(/at place 0 of the list, .* take its `instance`/);
    expect(() => space.pack(instance as unknown as [])).toThrow(/expected a list of instances/);
    expect(() => new (NetSpace as unknown as new () => NetSpace)()).toThrow(/NetSpace: expected options to be an object, got nothing/);
    expect(() => space.decode(tf.zeros([1, 65]))).toThrow(/\[B, 64\], got \[1,65\]/);
    await expect(space.instantiate(tf.zeros([2, 64]), { classIds: [0] })).rejects.toThrow(/each of 2 networks, got 1/);
    expect(() => space.instantiateAs(tf.zeros([1, 64]), [2])).toThrow(/ClassId below 2, got 2/);
    space.dispose();
  });
});
