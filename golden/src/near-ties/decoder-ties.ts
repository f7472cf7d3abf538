import type { RawTensor } from '@netspace/formats';

import { gradientIn, KINK, leaky, NEAR, rms, slopeAt, type Move, type Tie } from './tie.js';

/** Convolution 3×3, padding 1, of planes `[inputs, height, width]`, PyTorch's weight. */
interface Layer {
  readonly name: string;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  readonly stride: number;
  /** What it sees: the layer before, as other planes. */
  readonly inputs: number;
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

/** The decoder's convolutions of a PRep `[H, W]`, with the views between them. */
function layersOf(weights: ReadonlyMap<string, RawTensor>, channels: number, [height, width]: readonly [number, number]): Layer[] {
  const layer = (name: string, stride: number, planes: readonly [number, number, number]): Layer => ({
    ...{ name, stride, inputs: planes[0], height: planes[1], width: planes[2] },
    weight: weights.get(`${name}.weight`)!.data as Float32Array,
    bias: weights.get(`${name}.bias`)!.data as Float32Array,
    outHeight: Math.floor((planes[1] - 1) / stride) + 1,
    outWidth: Math.floor((planes[2] - 1) / stride) + 1,
  });
  return [
    layer('conv1.0', 2, [channels, 64, 64]),
    layer('conv2.0', 2, [128, height, 2048]),
    layer('conv3.0', 2, [512, height / 2, width / 4]),
    layer('conv4.0', 1, [256, height / 4, width / 8]),
  ];
}

/** Calls `visit(weight index, input index)` for each term of one output. */
function forTerms(layer: Layer, output: number, visit: (weight: number, input: number) => void): void {
  const { inputs, height, width, outHeight, outWidth, stride } = layer;
  const [o, y, x] = [Math.floor(output / (outHeight * outWidth)), Math.floor(output / outWidth) % outHeight, output % outWidth];
  for (let i = 0; i < inputs; i++) {
    for (let u = 0; u < 3; u++) {
      const row = y * stride - 1 + u;
      if (row < 0 || row >= height) continue;
      for (let v = 0; v < 3; v++) {
        const column = x * stride - 1 + v;
        if (column < 0 || column >= width) continue;
        visit(((o * inputs + i) * 3 + u) * 3 + v, (i * height + row) * width + column);
      }
    }
  }
}

/** Calls `visit(weight index, output index)` for each output that sees one input. */
function forReaders(layer: Layer, input: number, visit: (weight: number, output: number) => void): void {
  const { inputs, height, width, outHeight, outWidth, stride, bias } = layer;
  const [i, row, column] = [Math.floor(input / (height * width)), Math.floor(input / width) % height, input % width];
  for (let u = 0; u < 3; u++) {
    const y = (row + 1 - u) / stride;
    if (!Number.isInteger(y) || y < 0 || y >= outHeight) continue;
    for (let v = 0; v < 3; v++) {
      const x = (column + 1 - v) / stride;
      if (!Number.isInteger(x) || x < 0 || x >= outWidth) continue;
      for (let o = 0; o < bias.length; o++) visit(((o * inputs + i) * 3 + u) * 3 + v, (o * outHeight + y) * outWidth + x);
    }
  }
}

export interface DecodedPRep {
  /** `[E]`, in double precision. */
  readonly embedding: Float64Array;
  /** Outputs of conv1, conv2 and conv3, in float32, where all but the ties are certain. */
  readonly outputs: readonly ArrayLike<number>[];
  /** `[H, W]`, gradient of the PRep. */
  readonly gradPrep: ArrayLike<number>;
}

/** The units of conv1, conv2 and conv3 whose sign float32 cannot know: found in float32, proven in double precision. */
export function decoderTies(
  weights: ReadonlyMap<string, RawTensor>,
  prepShape: readonly [number, number],
  { embedding, outputs, gradPrep }: DecodedPRep,
  addEncoder: (move: Move, gradEmbedding: Float64Array) => void,
): Tie[] {
  const layers = layersOf(weights, embedding.length / 4096, prepShape);
  const scale = weights.get('scalelayer.scale')!.data as Float32Array;

  const unknown = (layer: Layer): Float64Array => new Float64Array(layer.bias.length * layer.outHeight * layer.outWidth).fill(NaN);
  const known = layers.map(unknown);
  /** Output of a layer in double precision, from the embedding on. */
  const exact = (depth: number, index: number): number => {
    const found = known[depth]![index]!;
    if (!Number.isNaN(found)) return found;
    const layer = layers[depth]!;
    let sum = layer.bias[Math.floor(index / (layer.outHeight * layer.outWidth))]!;
    forTerms(layer, index, (weight, input) => {
      sum += layer.weight[weight]! * (depth === 0 ? embedding[input]! : leaky(exact(depth - 1, input)));
    });
    known[depth]![index] = sum;
    return sum;
  };

  const gradients = layers.map(unknown);
  /** Gradient of a layer's activation: of what the next one sees. */
  const ofActivation = (depth: number, index: number): number => {
    const found = gradients[depth]![index]!;
    if (!Number.isNaN(found)) return found;
    const next = layers[depth + 1]!;
    let sum = 0;
    forReaders(next, index, (weight, output) => {
      const above =
        depth === 2 ? gradPrep[output]! * scale[output]! : ofActivation(depth + 1, output) * slopeAt(outputs[depth + 1]![output]!);
      sum += next.weight[weight]! * above;
    });
    gradients[depth]![index] = sum;
    return sum;
  };

  const moveOf = (depth: number, unit: number): Move => {
    const move: Move = new Map();
    let changes = new Float64Array(known[depth]!.length);
    changes[unit] = ofActivation(depth, unit) * KINK;
    for (let d = depth; d >= 0; d--) {
      const layer = layers[d]!;
      const ofWeight = gradientIn(move, `decoder/${layer.name}.weight`, layer.weight.length);
      const ofBias = gradientIn(move, `decoder/${layer.name}.bias`, layer.bias.length);
      const below = new Float64Array(layer.inputs * layer.height * layer.width);
      for (let output = 0; output < changes.length; output++) {
        const value = changes[output]!;
        if (value === 0) continue;
        ofBias[Math.floor(output / (layer.outHeight * layer.outWidth))]! += value;
        forTerms(layer, output, (weight, input) => {
          const z = d === 0 ? 0 : outputs[d - 1]![input]!;
          ofWeight[weight]! += value * (d === 0 ? embedding[input]! : leaky(z));
          below[input]! += value * layer.weight[weight]! * (d === 0 ? 1 : slopeAt(z));
        });
      }
      changes = below;
    }
    const ofEmbedding = gradientIn(move, 'embedding', embedding.length);
    ofEmbedding.set(changes);
    addEncoder(move, ofEmbedding);
    return move;
  };

  return outputs.flatMap((output, depth) => {
    const unitSize = rms(output);
    const near: number[] = [];
    for (let i = 0; i < output.length; i++) if (Math.abs(output[i]!) <= 2 * NEAR * unitSize) near.push(i);
    return near.flatMap((index): Tie[] => {
      const distance = Math.abs(exact(depth, index)) / unitSize;
      return distance <= NEAR ? [{ name: `decoder/${layers[depth]!.name}[${index}]`, distance, move: () => moveOf(depth, index) }] : [];
    });
  });
}
