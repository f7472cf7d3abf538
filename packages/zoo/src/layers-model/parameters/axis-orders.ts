import type { FlattenedAxis } from '@netspace/prep';

import { isBuiltIn } from '../graph/built-in.js';
import type { Layer, LayerCall, LayerGraph } from '../graph/graph.js';

type Parts = FlattenedAxis['parts'];

/** PyTorch's order of the features that a layer reads and gives; `undefined` if it is TensorFlow's order. */
export interface FeatureOrder {
  readonly input?: Parts | undefined;
  readonly output?: Parts | undefined;
}

/**
 * Finds the layers whose features are the pixels of a flattened image.
 *
 * PyTorch's images are `[channels, …pixels]`, those of tf.layers `[…pixels, channels]` (unless told `channelsFirst`). A layer that reads or
 * gives a vector sees only the flattened order of an image: after Flatten, before Reshape, along Add and Concatenate. Each vector is
 * followed from layer to layer until a layer determines its order.
 *
 * @returns by layer, also for those inside `TimeDistributed`
 */
export function featureOrders({ calls, outputs: ends, inputShapes }: LayerGraph): ReadonlyMap<Layer, FeatureOrder> {
  const features = new Map<Layer, { readonly input?: Vector; readonly output?: Vector }>();
  const layouts = new Map<number, Layout>(inputShapes.map((shape, slot) => [slot, inputLayout(calls, shape)]));
  const readAsImage = (slot: number, rank: number): boolean =>
    (ends.includes(slot) && rank > 3) ||
    calls.some((call) => {
      if (!call.inputs.includes(slot)) return false;
      const { kind, channelsFirst } = typeOf(call.layer);
      if (kind === 'spatial') return !channelsFirst;
      return (kind === 'elementwise' || kind === 'merge') && readAsImage(call.outputs[0]!, call.outputShape.length);
    });
  for (const call of calls) {
    const inputs = call.inputs.map((slot) => layouts.get(slot)!);
    const found = layoutOf(call, inputs, () => readAsImage(call.outputs[0]!, call.outputShape.length));
    call.outputs.forEach((slot, i) => layouts.set(slot, i === 0 ? found : { leading: 0, vector: plain(0) }));
    const { layer } = typeOf(call.layer);
    if (layer.weights.length === 0) continue;
    const known = features.get(layer) ?? {};
    const [before, after] = [inputs[0]?.vector, found.vector];
    if (known.input && before) unite(known.input, before);
    if (known.output && after) unite(known.output, after);
    features.set(layer, { ...(before && { input: before }), ...(after && { output: after }) });
  }
  return new Map([...features].map(([layer, { input, output: out }]) => [layer, { input: orderOf(input), output: orderOf(out) }]));
}

/** Features along the last axis: those of a vector, or the channels of an image; `leading` axes (of time) lie before. */
interface Layout {
  readonly leading: number;
  readonly vector?: Vector;
}

/** A vector whose order may still be open. Vectors that are added share one order. */
interface Vector {
  parts?: Parts;
  same?: Vector;
}

const plain = (size: number): Vector => ({ parts: [[size, 1]] });
const root = (vector: Vector): Vector => (vector.same === undefined ? vector : root(vector.same));
const settle = (vector: Vector, parts: Parts): Parts => (root(vector).parts ??= parts);
function unite(a: Vector, b: Vector): void {
  const [first, second] = [root(a), root(b)];
  if (first === second) return;
  if (first.parts === undefined) first.same = second;
  else if (second.parts === undefined) second.same = first;
}

/** No order, if PyTorch has the same one. */
function orderOf(vector: Vector | undefined): Parts | undefined {
  const parts = vector && root(vector).parts;
  return parts?.some(([channels, pixels]) => channels > 1 && pixels > 1) === true ? parts : undefined;
}

function inputLayout(calls: readonly LayerCall[], shape: readonly (number | null)[]): Layout {
  const image = shape.length > 3 && !calls.some(({ layer }) => typeOf(layer).channelsFirst);
  return image ? { leading: 0 } : { leading: shape.length - 2, vector: plain(shape.at(-1) ?? 0) };
}

function layoutOf(call: LayerCall, inputs: readonly Layout[], readAsImage: () => boolean): Layout {
  const { kind, channelsFirst, times, config } = typeOf(call.layer);
  const [first = { leading: 0 }] = inputs;
  const size = call.outputShape.at(-1) ?? 0;
  const before = call.inputShapes[0]?.slice(1 + times) ?? [];
  const other = (): Layout => {
    for (const { vector } of inputs) if (vector) settle(vector, plain(0).parts!);
    return { leading: call.outputShape.length - 2, vector: plain(size) };
  };
  switch (kind) {
    case 'spatial':
      return channelsFirst ? other() : { leading: times + (config['returnSequences'] === true ? 1 : 0) };
    case 'dense':
      return first.vector === undefined ? first : { leading: first.leading, vector: {} };
    case 'elementwise':
      return first;
    case 'merge': {
      const image = inputs.find(({ vector }) => vector === undefined);
      const vectors = inputs.flatMap(({ vector }) => vector ?? []);
      if (image === undefined) vectors.slice(1).forEach((vector) => unite(vectors[0]!, vector));
      return image ?? first;
    }
    case 'concatenate': {
      const axis = Number(config['axis']);
      const vectors = inputs.flatMap(({ vector }) => vector ?? []);
      if (vectors.length === 0) return first;
      if (vectors.length < inputs.length || (axis !== -1 && axis !== call.outputShape.length - 1)) return other();
      const sizes = call.inputShapes.map((input) => input.at(-1) ?? 0);
      return { leading: first.leading, vector: { parts: vectors.flatMap((vector, i) => settle(vector, [[sizes[i]!, 1]])) } };
    }
    case 'repeat':
      return { ...first, leading: first.leading + 1 };
    case 'flatten':
      return flattened(first, before, times, config['dataFormat'] === 'channelsFirst') ?? other();
    case 'reshape': {
      const after = call.outputShape.slice(1 + times);
      if (after.length === 1) return flattened(first, before, times, false) ?? other();
      if (first.vector === undefined) return before.at(-1) === after.at(-1) ? { leading: times } : other();
      if (!readAsImage()) return other();
      if (before.length === 1) settle(first.vector, [[size, product(after) / size]]);
      return { leading: times };
    }
    case 'other':
      return other();
  }
}

/** The order that Flatten gives to axes `dims`, if it can be determined. */
function flattened(
  { leading, vector }: Layout,
  dims: readonly (number | null)[],
  times: number,
  channelsFirst: boolean,
): Layout | undefined {
  const known = dims.map((size) => size ?? 0);
  const repeat = (count: number, parts: Parts): Layout => ({
    leading: times,
    vector: { parts: Array.from({ length: count }, () => parts).flat() },
  });
  if (vector === undefined) {
    if (channelsFirst) return undefined;
    const steps = leading - times;
    return repeat(product(known.slice(0, steps)), [[known.at(-1)!, product(known.slice(steps, -1))]]);
  }
  // With `channelsFirst`, Flatten moves the channels after the pixels; PyTorch leaves them in front.
  if (channelsFirst) return repeat(1, [[known[0]!, product(known.slice(1))]]);
  return repeat(product(known.slice(0, -1)), settle(vector, [[known.at(-1)!, 1]]));
}

const product = (sizes: readonly (number | null)[]): number => sizes.reduce<number>((result, size) => result * (size ?? 0), 1);

type Kind = 'spatial' | 'dense' | 'elementwise' | 'merge' | 'concatenate' | 'repeat' | 'flatten' | 'reshape' | 'other';

const KINDS: Readonly<Record<string, Kind>> = {
  ...kinds(
    'spatial',
    `Conv1D Conv2D Conv3D DepthwiseConv2D SeparableConv2D Conv2DTranspose Conv3DTranspose ConvLSTM2D UpSampling2D Cropping2D ZeroPadding2D
    MaxPooling1D AveragePooling1D MaxPooling2D AveragePooling2D MaxPooling3D AveragePooling3D CenterCrop Resizing`,
  ),
  ...kinds(
    'elementwise',
    `BatchNormalization LayerNormalization Activation ReLU LeakyReLU PReLU ELU ThresholdedReLU Softmax Dropout SpatialDropout1D
    GaussianNoise GaussianDropout AlphaDropout Masking Rescaling InputLayer`,
  ),
  ...kinds('merge', 'Add Multiply Average Maximum Minimum'),
  Dense: 'dense',
  Concatenate: 'concatenate',
  RepeatVector: 'repeat',
  Flatten: 'flatten',
  Reshape: 'reshape',
};

function kinds(kind: Kind, names: string): Record<string, Kind> {
  return Object.fromEntries(names.split(/\s+/).map((name) => [name, kind]));
}

/** A layer; for `TimeDistributed` the layer that runs at each of its `times`. */
function typeOf(outer: Layer) {
  let layer = outer;
  let times = 0;
  for (; layer.getClassName() === 'TimeDistributed' && isBuiltIn(layer); times++)
    layer = (layer as Layer & { readonly layer: Layer }).layer;
  const config = layer.getConfig();
  const kind = isBuiltIn(layer) ? (KINDS[layer.getClassName()] ?? 'other') : 'other';
  return { layer, times, config, kind, channelsFirst: kind === 'spatial' && config['dataFormat'] === 'channelsFirst' };
}
