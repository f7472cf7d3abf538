import { type Instance } from '@netspace/prep';
import { expectClose } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { architectureFromLayersModel, instanceFromLayersModel } from './functional-call.js';

const { Layer, dense } = tfl.layers;
const chain = (...layers: tfl.layers.Layer[]) => tfl.sequential({ layers });
const input = (inputShape: number[]) => tfl.layers.inputLayer({ inputShape });
const firstOf = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => (Array.isArray(x) ? x[0]! : x);

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

const layerOf = (name: string, run: (x: tf.Tensor) => tf.Tensor, properties: object = {}): tfl.layers.Layer => {
  class Own extends Layer {
    static readonly className: string = name;
    constructor() {
      super({ name: `my_${name.toLowerCase()}` });
      Object.assign(this, properties);
    }
    override computeOutputShape(shape: tfl.Shape): tfl.Shape {
      return shape;
    }
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return run(firstOf(inputs));
    }
  }
  return new Own();
};
const withLayer = (layer: tfl.layers.Layer, shape = [2]) => chain(input(shape), layer, dense({ units: 2 }));

describe("layers of one's own", () => {
  const doubled = (x: tf.Tensor) => tf.mul(x, 2);

  it('that compute with numbers are taken, and told apart by them', async () => {
    const scaled = (factor: number) => withLayer(layerOf('Scaled', (x) => tf.mul(x, factor), { factor }));
    const architecture = architectureFromLayersModel(scaled(2));
    expect(architectureFromLayersModel(scaled(2)).name).toBe(architecture.name);
    expect(architectureFromLayersModel(scaled(3)).name).not.toBe(architecture.name);
    await expect(instanceFromLayersModel(scaled(3), architecture)).rejects.toThrow(/inside .*2.* of layer 1 \(my_scaled\), got .*3/);
    const { parameters } = await instanceFromLayersModel(scaled(2), architecture);
    expectClose(
      architecture.apply(parameters, tf.ones([1, 2])).dataSync(),
      tf.matMul(tf.fill([1, 2], 2), parameters[0] as tf.Tensor2D).dataSync(),
    );
  });
  it('that hold a function, a tensor or a variable are refused by name, with the way out', () => {
    const refusal = (properties: object) => () => architectureFromLayersModel(withLayer(layerOf('Lambda', doubled, properties)));
    expect(refusal({ run: doubled })).toThrow(/my_lambda \(Lambda\): .*function in run; write it as a class/);
    expect(refusal({ options: { run: [doubled] } })).toThrow(/function in options.run.0/);
    expect(refusal({ table: tf.ones([2]) })).toThrow(/my_lambda .*tensor in table; make it with addWeight/);
    expect(refusal({ table: [tf.variable(tf.ones([2]))] })).toThrow(/variable in table.0/);
  });
  it('that compute with tensors nobody sees are refused when they run', () => {
    const secret = tf.variable(tf.ones([2]));
    const hiding = () => withLayer(layerOf('Hiding', (x) => tf.mul(x, secret)));
    expect(() => architectureFromLayersModel(hiding())).toThrow(/my_hiding \(Hiding\): .*every instance would compute with it/);
    const inner = dense({ units: 2 });
    inner.build([null, 2]);
    expect(() => architectureFromLayersModel(withLayer(layerOf('Closed', (x) => inner.apply(x) as tf.Tensor)))).toThrow(/my_closed/);
    // Where the input's size is open, the first input tells.
    const open = tfl.sequential({ layers: [tfl.layers.inputLayer({ inputShape: [null as unknown as number, 2] }), layerOf('Late', (x) => tf.mul(x, x.shape[1] === 3 ? secret : 1)), dense({ units: 2 })] }); // prettier-ignore
    const architecture = architectureFromLayersModel(open);
    const parameters = [tf.zeros([2, 2]), tf.zeros([2])];
    expect(architecture.apply(parameters, tf.ones([1, 2, 2])).shape).toEqual([1, 2, 2]);
  });
  it('that are built only when they first run are refused until then', () => {
    const lazy = dense({ units: 2, name: 'lazy' });
    const net = withLayer(layerOf('Lazy', (x) => lazy.apply(x) as tf.Tensor, { lazy }));
    expect(() => architectureFromLayersModel(net)).toThrow(/lazy in my_lazy \(Dense\): .*built.*call model.predict once/);
    net.predict(tf.ones([1, 2]));
    const architecture = architectureFromLayersModel(net);
    expect(architecture.parameters.map(({ name }) => name)).toEqual([
      'my_lazy.lazy.weight',
      'my_lazy.lazy.bias',
      'dense_1.weight',
      'dense_1.bias',
    ]);
  });
});

describe("more layers of one's own", () => {
  class Counting extends Layer {
    static readonly className = 'Counting';
    private count: tfl.LayerVariable | undefined;
    override build(): void {
      this.count = this.addWeight('count', [1], 'float32', tfl.initializers.zeros(), undefined, false);
      this.built = true;
    }
    override computeOutputShape(shape: tfl.Shape): tfl.Shape {
      return shape;
    }
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      this.count!.write(tf.tidy(() => tf.add(this.count!.read(), 1)));
      return tf.mul(firstOf(inputs), this.count!.read());
    }
  }
  it('that keep state in a weight are refused by its name', () => {
    expect(() => architectureFromLayersModel(withLayer(new Counting({ name: 'counting' })))).toThrow(/counting\/count: .*keep no state/);
  });

  const Dense = tf.serialization.SerializationMap.getMap().classNameMap['Dense']![0] as unknown as new (config: object) => tfl.layers.Layer;
  class Halved extends Dense {
    override call(inputs: tf.Tensor | tf.Tensor[], options: object): tf.Tensor {
      return tf.tidy(() => tf.div(super.call(inputs, options) as tf.Tensor, 2));
    }
  }
  class Nest extends Layer {
    static readonly className = 'Nest';
    readonly nested = chain(dense({ units: 2, inputShape: [2], activation: 'relu' }), tfl.layers.batchNormalization());
    override computeOutputShape(shape: tfl.Shape): tfl.Shape {
      return shape;
    }
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return firstOf(this.nested.apply(firstOf(inputs)) as tf.Tensor | tf.Tensor[]);
    }
  }
  const kinds: Readonly<Record<string, () => tfl.layers.Layer[]>> = {
    'derived from one of tf.layers': () => [new Halved({ units: 2 })],
    'derived from one, a norm behind it': () => [new Halved({ units: 2 }), tfl.layers.batchNormalization()],
    'that hold a model': () => [new Nest({})],
  };
  it.each(Object.keys(kinds))('are computed as they are: %s', async (kind) => {
    const make = () => chain(input([2]), ...kinds[kind]!(), dense({ units: 2 }));
    const [one, two] = [make(), make()];
    const architecture = architectureFromLayersModel(one);
    const x = tf.tensor2d([[1, -2], [0.5, 3]]); // prettier-ignore
    for (const net of [one, two]) {
      const { parameters } = await instanceFromLayersModel(net, architecture);
      expectClose(architecture.apply(parameters, x).dataSync(), (net.predict(x) as tf.Tensor).dataSync());
    }
  });
  it('come back from files as the same architecture, frozen or not', async () => {
    const net = chain(
      tfl.layers.timeDistributed({
        inputShape: [3, 2],
        layer: chain(dense({ units: 2, inputShape: [2] }), dense({ units: 3 })) as unknown as tfl.layers.Layer,
      }),
      tfl.layers.flatten(),
      dense({ units: 2 }),
    );
    const architecture = architectureFromLayersModel(net);
    let saved: tf.io.ModelArtifacts | undefined;
    await net.save(tf.io.withSaveHandler((artifacts) => Promise.resolve(((saved = artifacts), { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } })))); // prettier-ignore
    const loaded = await tfl.loadLayersModel(tf.io.fromMemory(saved!));
    loaded.layers.forEach((layer) => (layer.trainable = false));
    const again = architectureFromLayersModel(loaded);
    expect([again.name, again.parameters]).toEqual([architecture.name, architecture.parameters]);
    const [a, b] = await Promise.all([net, loaded].map((model) => instanceFromLayersModel(model, architecture)));
    const numbers = ({ parameters }: Instance) => parameters.map((tensor) => tensor.arraySync());
    expect(numbers(b!)).toEqual(numbers(a!));
  });
});

describe('layers that are not the same each time', () => {
  it('are refused by name', () => {
    const x = tfl.input({ shape: [4, 4, 1] });
    const stretched = tfl.layers.randomWidth({ factor: 0.5, name: 'stretched' }) as tfl.layers.Layer;
    const random = tfl.model({ inputs: x, outputs: stretched.apply(x) as tfl.SymbolicTensor });
    expect(() => architectureFromLayersModel(random)).toThrow(/stretched \(RandomWidth\): .*a random one/);
    for (const layer of [
      tfl.layers.conv3d({ name: 'shortcut', filters: 2, kernelSize: 1, strides: 2, padding: 'same' }),
      tfl.layers.maxPooling3d({ name: 'shortcut', poolSize: [2, 1, 2], strides: 2, padding: 'same' }),
    ]) {
      const net = tfl.sequential({
        layers: [tfl.layers.inputLayer({ inputShape: [4, 4, 4, 1] }), layer, tfl.layers.flatten(), tfl.layers.dense({ units: 2 })],
      });
      expect(() => architectureFromLayersModel(net)).toThrow(/shortcut .*a window of at least its stride.*padding: 'valid'/);
    }
    const stateful = tfl.layers.gru({ units: 2, stateful: true, batchInputShape: [1, 3, 2], name: 'memory' });
    const both = tfl.layers.bidirectional({
      layer: tfl.layers.lstm({ units: 2, stateful: true }) as tfl.RNN,
      batchInputShape: [1, 3, 2],
      name: 'both',
    });
    for (const layer of [stateful, both]) {
      expect(() => architectureFromLayersModel(chain(layer as tfl.layers.Layer))).toThrow(new RegExp(`${layer.name} .*stateful: false`));
    }
  });
});
