import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

const l = tfl.layers;
type Layer = tfl.layers.Layer;
type Symbolic = tfl.SymbolicTensor;

const chain = (inputShape: (number | null)[], ...layers: Layer[]): tfl.LayersModel =>
  tfl.sequential({ layers: [l.inputLayer({ inputShape }), ...layers] });
/** A functional model: what `build` makes of its input. */
const graph = (shape: number[], build: (x: Symbolic) => unknown): tfl.LayersModel => {
  const x = tfl.input({ shape });
  return tfl.model({ inputs: x, outputs: build(x) as Symbolic });
};
const on = (layer: Layer, ...inputs: unknown[]): Symbolic =>
  layer.apply(inputs.length === 1 ? (inputs[0] as Symbolic) : (inputs as Symbolic[])) as Symbolic;

const dense = (units: number, more: object = {}) => l.dense({ units, ...more });
const conv = (filters: number, more: object = {}) => l.conv2d({ filters, kernelSize: 3, ...more });
const norm = (more: object = {}) => l.batchNormalization(more);
const flat = (more: object = {}) => l.flatten(more);
const embedding = () => l.embedding({ inputDim: 5, outputDim: 3, maskZero: true, inputLength: 4 });
const lstm = (units: number, more: object = {}) => l.lstm({ units, ...more }) as unknown as tfl.RNN;
const image = [6, 6, 2];
const steps = [5, 3];

/** A residual block, as people write it: it builds its inner layer itself and keeps it in a property. */
class Residual extends l.Layer {
  static readonly className = 'Residual';
  private readonly inner: Layer;
  constructor(readonly config: { readonly units: number; readonly name?: string }) {
    super({ ...(config.name === undefined ? {} : { name: config.name }) });
    this.inner = dense(config.units, { activation: 'tanh' });
  }
  override build(shape: tfl.Shape): void {
    this.inner.build(shape);
    this.built = true;
  }
  override computeOutputShape(shape: tfl.Shape): tfl.Shape {
    return shape;
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return tf.tidy(() => tf.add(x, this.inner.apply(x) as tf.Tensor));
  }
}

/** Layers in a list, one of them a batch norm, and a weight of its own beside them. */
class Block extends l.Layer {
  static readonly className = 'Block';
  private readonly parts: Layer[] = [dense(3, { useBias: false }), norm(), l.bidirectional({ layer: lstm(2), mergeMode: 'sum' }) as Layer];
  private gain: ReturnType<Layer['addWeight']> | undefined;
  override build(shape: tfl.Shape): void {
    this.gain = this.addWeight('gain', [1], 'float32', tfl.initializers.ones());
    const [batch, time] = shape;
    this.parts[0]!.build(shape);
    for (const part of this.parts.slice(1)) part.build([batch!, time!, 3]);
    this.built = true;
  }
  override computeOutputShape([batch]: tfl.Shape): tfl.Shape {
    return [batch!, 2];
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return tf.tidy(() =>
      tf.mul(
        this.gain!.read(),
        this.parts.reduce((y, part) => part.apply(y) as tf.Tensor, x),
      ),
    );
  }
}

/**
 * Every kind of layer that tf.layers has, alone and as people put them together; small. Called twice, each gives two models of one
 * architecture with different weights.
 */
export const MODELS: Readonly<Record<string, () => tfl.LayersModel>> = {
  // Layers without shapes of their own
  dense: () => chain([4], dense(3, { activation: 'tanh' }), dense(2, { useBias: false })),
  'dense over images': () => chain([3, 3, 2], dense(3), flat(), dense(2)),
  'every activation': () =>
    chain(
      [4],
      ...['elu', 'relu', 'relu6', 'selu', 'softplus', 'softsign', 'swish', 'mish', 'gelu', 'gelu_new', 'hardSigmoid', 'sigmoid'].map(
        (activation) => dense(4, { activation }),
      ),
      dense(3),
    ),
  'activation layers': () =>
    chain([6], dense(6), l.activation({ activation: 'tanh' }), l.reLU({ maxValue: 1 }), dense(6), l.leakyReLU({ alpha: 0.2 }), dense(4)),
  'advanced activations': () => chain([6], dense(6), l.prelu(), dense(6), l.elu()),
  'thresholded relu': () => chain([6], dense(6), l.thresholdedReLU({ theta: 0.1 }), dense(4)),
  'prelu over images': () => chain(image, conv(3), l.prelu({ sharedAxes: [1, 2] }), conv(2), l.prelu(), flat(), dense(2)),
  'softmax inside': () => chain([4], dense(3), l.softmax(), dense(3), dense(4, { activation: 'softmax' }), dense(2)),
  'noise and dropout': () =>
    chain(
      steps,
      l.dropout({ rate: 0.9 }),
      l.spatialDropout1d({ rate: 0.5 }),
      l.gaussianNoise({ stddev: 3 }),
      l.gaussianDropout({ rate: 0.5 }),
      l.alphaDropout({ rate: 0.5 }),
      flat(),
      dense(2),
    ),
  'reshape, permute, repeat': () =>
    chain([12], dense(12), l.reshape({ targetShape: [3, 4] }), l.permute({ dims: [2, 1] }), flat(), l.repeatVector({ n: 2 }), dense(2)),
  rescaling: () => chain([4, 4, 1], l.rescaling({ scale: 0.5, offset: 1 }), flat(), dense(2)),
  'center crop': () => chain(image, l.centerCrop({ height: 3, width: 3 }), flat(), dense(2)),
  'category encoding': () => chain([3], l.categoryEncoding({ numTokens: 4, outputMode: 'multiHot' }), dense(2)),
  // Convolutions
  conv1d: () => chain([7, 2], l.conv1d({ filters: 3, kernelSize: 3, strides: 2, activation: 'relu' }), flat(), dense(2)),
  'conv1d, dilated': () => chain([7, 2], l.conv1d({ filters: 3, kernelSize: 2, padding: 'same', dilationRate: 2 }), flat(), dense(2)),
  conv2d: () => chain(image, conv(3, { activation: 'elu' }), conv(2, { padding: 'same', strides: 2, useBias: false }), flat(), dense(2)),
  'conv2d, dilated': () => chain(image, conv(3, { dilationRate: 2 }), flat(), dense(2)),
  'conv2d, channels first': () =>
    chain([2, 6, 6], conv(3, { dataFormat: 'channelsFirst' }), l.maxPooling2d({ dataFormat: 'channelsFirst' }), flat(), dense(2)),
  'channels first, flattened as such': () => chain([2, 6, 6], conv(3, { dataFormat: 'channelsFirst' }), flat({ dataFormat: 'channelsFirst' }), dense(2)), // prettier-ignore
  conv3d: () => chain([4, 4, 3, 2], l.conv3d({ filters: 2, kernelSize: 2 }), flat(), dense(2)),
  'conv2d transposed': () =>
    chain([3, 3, 2], l.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' }), flat(), dense(2)),
  'conv3d transposed': () => chain([2, 2, 2, 2], l.conv3dTranspose({ filters: 2, kernelSize: 2, strides: 2 }), flat(), dense(2)),
  depthwise: () => chain(image, l.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, activation: 'relu' }), flat(), dense(2)),
  separable: () => chain(image, l.separableConv2d({ filters: 3, kernelSize: 2, depthMultiplier: 2, activation: 'relu' }), flat(), dense(2)),
  'cropping, padding, upsampling': () =>
    chain(
      image,
      l.zeroPadding2d({ padding: [[1, 0], [2, 1]] }), // prettier-ignore
      conv(2),
      l.cropping2D({ cropping: [[1, 0], [0, 2]] }), // prettier-ignore
      l.upSampling2d({ size: [2, 2] }),
      conv(2),
      l.globalAveragePooling2d({}),
    ),
  'a network for any size': () => chain([null, null, 2], conv(3, { activation: 'relu' }), conv(2), l.globalMaxPooling2d({})),
  // Pooling
  pooling1d: () => chain([8, 2], l.conv1d({ filters: 3, kernelSize: 2 }), l.maxPooling1d({}), l.averagePooling1d({ poolSize: 2, strides: 1 }), flat(), dense(2)), // prettier-ignore
  pooling2d: () => chain(image, conv(3), l.maxPooling2d({ poolSize: 2, strides: 1 }), l.averagePooling2d({ padding: 'same' }), flat(), dense(2)), // prettier-ignore
  pooling3d: () => chain([4, 4, 4, 1], l.maxPooling3d({ poolSize: 2, strides: 1 }), l.averagePooling3d({ poolSize: 3, strides: 1 }), flat(), dense(2)), // prettier-ignore
  'global pooling 1d': () => graph(steps, (x) => on(dense(2), on(l.concatenate(), on(l.globalAveragePooling1d(), x), on(l.globalMaxPooling1d(), x)))), // prettier-ignore
  'global pooling 2d': () =>
    graph(image, (x) => {
      const y = on(conv(3), x);
      return on(dense(2), on(l.concatenate(), on(l.globalAveragePooling2d({}), y), on(l.globalMaxPooling2d({}), y)));
    }),
  // Normalization
  'batch norm, folded': () => chain(image, conv(3, { useBias: false }), norm(), l.reLU(), conv(2), norm({ scale: false }), flat(), dense(4), norm(), dense(2)), // prettier-ignore
  'batch norm, kept': () =>
    chain(image, norm(), conv(3, { activation: 'relu' }), norm({ center: false, epsilon: 0.1 }), flat(), norm(), dense(2)),
  'batch norm behind others': () =>
    chain(
      image,
      l.depthwiseConv2d({ kernelSize: 2 }),
      norm(),
      l.separableConv2d({ filters: 3, kernelSize: 2 }),
      norm(),
      l.conv2dTranspose({ filters: 2, kernelSize: 2 }),
      norm(),
      flat(),
      dense(2),
    ),
  'batch norm, shared': () =>
    graph([4], (x) => {
      const shared = norm();
      return on(dense(2), on(l.add(), on(shared, on(dense(3), x)), on(shared, on(dense(3), x))));
    }),
  'batch norm over time': () =>
    chain(steps, l.timeDistributed({ layer: dense(3) }), l.timeDistributed({ layer: norm() }), lstm(2) as Layer),
  'layer norm': () => chain(steps, l.layerNormalization({}), l.layerNormalization({ axis: [1, 2] }), flat(), dense(2)),
  'layer norm without scale': () => chain(steps, l.layerNormalization({ scale: false }), flat(), dense(2)),
  // Merging
  merging: () =>
    graph([4], (x) => {
      const [a, b] = [on(dense(3), x), on(dense(3), x)];
      const all = [l.add(), l.multiply(), l.average(), l.maximum(), l.minimum()].map((layer) => on(layer, a, b));
      return on(dense(2), on(l.concatenate(), ...all, on(l.dot({ axes: 1 }), a, b)));
    }),
  'dot, normalized': () => graph(steps, (x) => on(dense(2), on(l.dot({ axes: [2, 2], normalize: true }), on(dense(3), x), x))),
  'concatenated images': () =>
    graph(image, (x) => on(dense(2), on(flat(), on(l.concatenate({ axis: -1 }), on(conv(2), x), on(conv(3), x))))),
  'concatenated flattened images': () =>
    graph(image, (x) =>
      on(dense(2), on(l.concatenate(), on(flat(), on(conv(2), x)), on(dense(3), on(flat(), x)), on(flat(), on(conv(3), x)))),
    ),
  'squeeze and excite': () =>
    graph(image, (x) => {
      const y = on(conv(4, { padding: 'same', activation: 'relu' }), x);
      const gate = on(dense(4, { activation: 'sigmoid' }), on(dense(2, { activation: 'relu' }), on(l.globalAveragePooling2d({}), y)));
      return on(dense(2), on(flat(), on(l.multiply(), y, on(l.reshape({ targetShape: [1, 1, 4] }), gate))));
    }),
  'residual network': () =>
    graph(image, (x) => {
      const y = on(l.reLU(), on(norm(), on(conv(3, { padding: 'same', useBias: false }), x)));
      const z = on(norm(), on(conv(3, { padding: 'same', useBias: false }), y));
      return on(dense(2), on(l.globalAveragePooling2d({}), on(l.reLU(), on(l.add(), y, z))));
    }),
  // Recurrent layers
  'simple rnn': () => chain(steps, l.simpleRNN({ units: 3, returnSequences: true }), l.simpleRNN({ units: 2, activation: 'relu' })),
  lstm: () => chain(steps, lstm(3, { returnSequences: true }) as Layer, lstm(2, { goBackwards: true, useBias: false }) as Layer, dense(2)),
  gru: () => chain(steps, l.gru({ units: 3, returnSequences: true }), l.gru({ units: 2, recurrentActivation: 'sigmoid' })),
  'stacked cells': () =>
    chain(steps, l.rnn({ cell: [l.lstmCell({ units: 2 }), l.gruCell({ units: 3 }), l.simpleRNNCell({ units: 2 })] }) as Layer),
  'bidirectional, joined': () => chain(steps, l.bidirectional({ layer: lstm(2, { returnSequences: true }), mergeMode: 'concat' }) as Layer, flat(), dense(2)), // prettier-ignore
  'bidirectional, summed': () =>
    chain(steps, l.bidirectional({ layer: l.gru({ units: 2 }) as tfl.RNN, mergeMode: 'sum' }) as Layer, dense(2)),
  'conv lstm': () => chain([3, 5, 5, 1], l.convLstm2d({ filters: 2, kernelSize: 2 }), flat(), dense(2)),
  'conv lstm with sequences': () =>
    chain([3, 5, 5, 1], l.convLstm2d({ filters: 2, kernelSize: 2, returnSequences: true }), flat(), dense(2)),
  'states handed on': () =>
    graph(steps, (x) => {
      const [y, h, c] = (lstm(2, { returnSequences: true, returnState: true }) as unknown as Layer).apply(x) as Symbolic[];
      return on(dense(2), on(lstm(2) as unknown as Layer, y, h, c));
    }),
  'initial state': () => graph(steps, (x) => on(l.gru({ units: 2 }) as Layer, x, on(dense(2), on(flat(), x)))),
  // Embedding and masks
  embedding: () => chain([4], l.embedding({ inputDim: 5, outputDim: 3, inputLength: 4 }), flat(), dense(2)),
  'embedding, masked lstm': () => chain([4], embedding(), lstm(2) as Layer, dense(2)),
  'embedding, masked, norm between': () => chain([4], embedding(), norm(), l.dropout({ rate: 0.5 }), l.simpleRNN({ units: 2 })),
  'mask then flatten': () => chain([4], embedding(), flat(), dense(2)),
  'mask then pooling': () => chain([4], embedding(), l.globalAveragePooling1d(), dense(2)),
  'mask then convolution then lstm': () => chain([4], embedding(), l.conv1d({ filters: 2, kernelSize: 1 }), lstm(2) as Layer),
  'masking, conv1d': () => chain([4, 2], l.masking({ maskValue: 0 }), l.conv1d({ filters: 2, kernelSize: 2 }), flat()),
  'mask into a nested model': () => chain([4], embedding(), tfl.sequential({ layers: [l.gru({ units: 2, inputShape: [4, 3] }), dense(2)] }) as unknown as Layer), // prettier-ignore
  // Wrappers and nested models
  'over time': () => chain([3, 5, 5, 1], l.timeDistributed({ layer: conv(2) }), l.timeDistributed({ layer: flat() }), l.timeDistributed({ layer: dense(2) }), lstm(2) as Layer), // prettier-ignore
  'a model over time': () =>
    chain(
      [3, 5, 5, 1],
      l.timeDistributed({
        layer: tfl.sequential({ layers: [conv(2, { inputShape: [5, 5, 1] }), norm(), flat(), dense(3)] }) as unknown as Layer,
      }),
      l.gru({ units: 2 }),
    ),
  'nested models, twice': () =>
    graph(image, (x) => {
      const encoder = tfl.sequential({ layers: [conv(2, { inputShape: image }), norm(), flat(), dense(3, { activation: 'relu' })] });
      return on(l.add(), on(encoder as unknown as Layer, x), on(encoder as unknown as Layer, on(conv(2, { padding: 'same' }), x)));
    }),
  'a shared layer': () =>
    graph([4], (x) => {
      const shared = dense(4, { activation: 'tanh' });
      return on(dense(2), on(shared, on(shared, x)));
    }),
  autoencoder: () =>
    chain(
      image,
      conv(2, { strides: 2, activation: 'relu' }),
      flat(),
      dense(3),
      dense(18),
      norm(),
      l.reshape({ targetShape: [3, 3, 2] }),
      l.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2 }),
    ),
  // Layers of one's own
  'a layer of layers': () => chain([3], new Residual({ units: 3 }), dense(2)),
  'a list of layers in a layer': () => chain(steps, new Block({}), dense(2)),
  // Ends
  'softmax at the end': () => chain([4], dense(5, { activation: 'relu' }), dense(3, { activation: 'softmax' })),
  'softmax layer at the end': () => chain([4], dense(3), l.softmax(), l.dropout({ rate: 0.5 })),
  'softmax activation at the end': () => chain(image, conv(3), l.globalAveragePooling2d({}), l.activation({ activation: 'softmax' })),
  'softmax that others read': () =>
    graph([4], (x) => {
      const y = on(dense(3, { activation: 'softmax', name: 'head' }), x);
      return on(l.average(), y, on(dense(3, { activation: 'softmax' }), y));
    }),
  'softmax over time': () => chain(steps, l.timeDistributed({ layer: dense(3, { activation: 'softmax' }) })),
  'softmax of pixels': () => chain(image, l.conv2d({ filters: 3, kernelSize: 1, activation: 'softmax' })),
};

/** Models whose inputs are numbers of words, 0 for none. */
const OF_WORDS = /^(embedding|mask|category)/;

/** A batch for a model of the table; with masked steps in it where there is a mask. */
export function batchFor(name: string, model: tfl.LayersModel): tf.Tensor {
  const shape = [3, ...model.inputs[0]!.shape.slice(1).map((size) => size ?? 7)];
  if (OF_WORDS.test(name) && shape.length === 2) return tf.tensor(Array.from({ length: 3 * shape[1]! }, (_, i) => (i * i) % 4), shape); // prettier-ignore
  const x = tf.randomNormal(shape, 0, 1, 'float32', 9);
  return name.startsWith('masking') ? tf.mul(x, tf.tensor([1, 0, 1, 0], [1, 4, 1])) : x;
}

/** Gives every variable random values, variances positive. */
export function randomize(model: tfl.LayersModel, seed: number): tfl.LayersModel {
  for (const [i, weight] of variablesOf(model).entries()) {
    const shape = weight.shape.map((size) => size!);
    const values = tf.randomUniform(shape, -0.7, 0.7, 'float32', 100 * seed + i);
    weight.write(weight.originalName.endsWith('variance') ? tf.add(values, 1) : values);
  }
  return model;
}

/** The models' own and, written out anew, those of the two layers above. */
function variablesOf(model: tfl.LayersModel): tfl.LayerVariable[] {
  const inner = model.layers.flatMap((layer) => {
    const { inner: one, parts = [] } = layer as Layer & { readonly inner?: Layer; readonly parts?: Layer[] };
    return [...(one === undefined ? [] : [one]), ...parts].flatMap(({ weights }) => weights);
  });
  return [...model.weights, ...inner];
}
