import type { RawTensor } from '@netspace/formats';

import { gradientIn, KINK, leaky, NEAR, rms, slopeAt, type Move, type Tie } from './tie.js';

type Weights = ReadonlyMap<string, RawTensor>;

/** One PRep in the encoder, in double precision. */
export interface EncodedPRep {
  /** `[E]` */
  readonly embedding: Float64Array;
  /** The encoder's parameters' part of a move, for a change of the embedding's gradient. */
  addParameters(move: Move, gradEmbedding: ArrayLike<number>): void;
  /** What float32 cannot decide in here, given the embedding's gradient. */
  ties(gradEmbedding: ArrayLike<number>): Tie[];
}

/** A change of the gradient of one position of a layer's output. */
interface Change {
  readonly channel: number;
  readonly position: number;
  readonly value: number;
}

/** Encodes one PRep `[H, W]` in double precision, written from golden/README.md alone. */
export function encodeInDouble(weights: Weights, prep: ArrayLike<number>, [height, width]: readonly [number, number]): EncodedPRep {
  const values = (name: string): Float32Array => weights.get(name)!.data as Float32Array;
  const [w1, b1, w2, b2] = ['conv1.0.weight', 'conv1.0.bias', 'conv2.0.weight', 'conv2.0.bias'].map(values) as [Float32Array, Float32Array, Float32Array, Float32Array]; // prettier-ignore
  const [w3, b3, w4, b4] = ['conv3.0.weight', 'conv3.0.bias', 'conv4.0.weight', 'conv4.0.bias'].map(values) as [Float32Array, Float32Array, Float32Array, Float32Array]; // prettier-ignore
  const [h, o2, o3, o4] = [b1.length, b2.length, b3.length, b4.length];
  const half = Math.ceil(width / 2);
  const quarter = Math.ceil(half / 2);

  const pixel = (row: number, column: number): number => (column < 0 || column >= width ? 0 : prep[row * width + column]!);
  /** Output of conv1 before its activation; its padding is zero. */
  const z1 = (channel: number, row: number, q: number): number =>
    b1[channel]! +
    w1[3 * channel]! * pixel(row, 2 * q - 1) +
    w1[3 * channel + 1]! * pixel(row, 2 * q) +
    w1[3 * channel + 2]! * pixel(row, 2 * q + 1);
  const isInside = (q: number): boolean => q >= 0 && q < half;

  // conv2 and its maximum over the width, a row at a time.
  const best = new Int32Array(o2 * height);
  const max = new Float64Array(o2 * height);
  const rivals: { readonly channel: number; readonly row: number; readonly position: number; readonly gap: number }[] = [];
  let squares1 = 0;
  let squares2 = 0;
  for (let row = 0; row < height; row++) {
    const taps = Array.from({ length: 3 * h }, () => new Float64Array(quarter)); // leaky(z1) as each tap of conv2 sees it
    for (let channel = 0; channel < h; channel++) {
      for (let q = 0; q < half; q++) {
        const z = z1(channel, row, q);
        squares1 += z ** 2;
        for (let t = 0; t < 3; t++) if ((q + 1 - t) % 2 === 0 && (q + 1 - t) / 2 < quarter && q + 1 - t >= 0) taps[3 * channel + t]![(q + 1 - t) / 2] = leaky(z); // prettier-ignore
      }
    }
    for (let channel = 0; channel < o2; channel++) {
      const sums = new Float64Array(quarter).fill(b2[channel]!);
      for (let k = 0; k < 3 * h; k++) {
        const weight = w2[channel * 3 * h + k]!;
        const tap = taps[k]!;
        for (let p = 0; p < quarter; p++) sums[p]! += weight * tap[p]!;
      }
      let top = 0;
      for (let p = 0; p < quarter; p++) {
        squares2 += sums[p]! ** 2;
        if (sums[p]! > sums[top]!) top = p;
      }
      best[channel * height + row] = top;
      max[channel * height + row] = sums[top]!;
      const scale = Math.sqrt(squares2 / ((row * o2 + channel + 1) * quarter));
      sums.forEach((z, position) => {
        const gap = (leaky(sums[top]!) - leaky(z)) / scale;
        if (position !== top && gap <= NEAR) rivals.push({ channel, row, position, gap });
      });
    }
  }
  const rms1 = Math.sqrt(squares1 / (h * height * half));
  const rms2 = Math.sqrt(squares2 / (o2 * height * quarter));

  const a2 = max.map(leaky);
  const z3 = convolveRows(a2, o2, w3, b3);
  const a3 = z3.map(leaky);
  const z4 = convolveRows(a3, o3, w4, b4);
  const [rms3, rms4] = [rms(z3), rms(z4)];
  const chosen = Int32Array.from({ length: o4 }, (_, channel) => {
    let top = 0;
    for (let row = 1; row < height; row++) if (z4[channel * height + row]! > z4[channel * height + top]!) top = row;
    return top;
  });
  const embedding = Float64Array.from(chosen, (row, channel) => leaky(z4[channel * height + row]!));

  /** 3×1 over the rows, one row of padding on both sides. */
  function convolveRows(input: Float64Array, inputs: number, weight: Float32Array, bias: Float32Array): Float64Array {
    const out = new Float64Array(bias.length * height);
    for (let o = 0; o < bias.length; o++) {
      for (let row = 0; row < height; row++) {
        let sum = bias[o]!;
        for (let k = 0; k < 3; k++) {
          const from = row + k - 1;
          if (from < 0 || from >= height) continue;
          for (let i = 0; i < inputs; i++) sum += weight[(o * inputs + i) * 3 + k]! * input[i * height + from]!;
        }
        out[o * height + row] = sum;
      }
    }
    return out;
  }

  /** Gradients of a convolution over the rows: adds to the parameters', gives the input's. */
  function backRows(
    move: Move,
    name: string,
    changes: readonly Change[],
    input: Float64Array,
    inputs: number,
    weight: Float32Array,
  ): Float64Array {
    // prettier-ignore
    const ofWeight = gradientIn(move, `encoder/${name}.0.weight`, weight.length);
    const ofBias = gradientIn(move, `encoder/${name}.0.bias`, weight.length / (3 * inputs));
    const ofInput = new Float64Array(input.length);
    for (const { channel, position: row, value } of changes) {
      ofBias[channel]! += value;
      for (let k = 0; k < 3; k++) {
        const from = row + k - 1;
        if (from < 0 || from >= height) continue;
        for (let i = 0; i < inputs; i++) {
          const at = (channel * inputs + i) * 3 + k;
          ofWeight[at]! += value * input[i * height + from]!;
          ofInput[i * height + from]! += value * weight[at]!;
        }
      }
    }
    return ofInput;
  }
  const changesOf = (gradient: Float64Array, z: Float64Array): Change[] =>
    [...gradient].flatMap((value, i) =>
      value === 0 ? [] : [{ channel: Math.floor(i / height), position: i % height, value: value * slopeAt(z[i]!) }],
    );

  /** From the gradients of conv4's outputs, of conv3's and of the maxima down to the parameters. */
  const fromZ4 = (move: Move, changes: readonly Change[]): void =>
    fromZ3(move, changesOf(backRows(move, 'conv4', changes, a3, o3, w4), z3));
  const fromZ3 = (move: Move, changes: readonly Change[]): void => {
    for (const { channel, position: row, value } of changesOf(backRows(move, 'conv3', changes, a2, o2, w3), max)) {
      fromMax(move, channel, row, best[channel * height + row]!, value);
    }
  };
  const fromMax = (move: Move, channel: number, row: number, position: number, value: number): void => {
    gradientIn(move, 'encoder/conv2.0.bias', o2)[channel]! += value;
    const ofWeight = gradientIn(move, 'encoder/conv2.0.weight', w2.length);
    const toZ1 = intoZ1(move);
    for (let t = 0; t < 3; t++) {
      const q = 2 * position - 1 + t;
      if (!isInside(q)) continue;
      for (let c = 0; c < h; c++) {
        const at = (channel * h + c) * 3 + t;
        const z = z1(c, row, q);
        ofWeight[at]! += value * leaky(z);
        toZ1(c, row, q, value * w2[at]! * slopeAt(z));
      }
    }
  };
  const intoZ1 = (move: Move): ((channel: number, row: number, q: number, value: number) => void) => {
    const ofWeight = gradientIn(move, 'encoder/conv1.0.weight', w1.length);
    const ofBias = gradientIn(move, 'encoder/conv1.0.bias', h);
    return (channel, row, q, value) => {
      ofBias[channel]! += value;
      for (let k = 0; k < 3; k++) ofWeight[3 * channel + k]! += value * pixel(row, 2 * q - 1 + k);
    };
  };

  const outputChanges = (gradient: ArrayLike<number>): Change[] =>
    Array.from(chosen).flatMap((position, channel) => {
      const value = gradient[channel]! * slopeAt(z4[channel * height + position]!);
      return value === 0 ? [] : [{ channel, position, value }];
    });
  const moveBy = (change: (move: Move) => void): Move => {
    const move: Move = new Map();
    change(move);
    return move;
  };

  function ties(gradEmbedding: ArrayLike<number>): Tie[] {
    const found: Tie[] = [];
    const add = (name: string, distance: number, change: (move: Move) => void): void => {
      if (Math.abs(distance) <= NEAR) found.push({ name: `encoder/${name}`, distance: Math.abs(distance), move: () => moveBy(change) });
    };
    for (const { channel, position, value } of outputChanges(gradEmbedding)) {
      const top = z4[channel * height + position]!;
      add(`conv4[${channel},${position}]`, top / rms4, (move) =>
        fromZ4(move, [{ channel, position, value: (value / slopeAt(top)) * KINK }]),
      );
      for (let row = 0; row < height; row++) {
        if (row === position) continue;
        const other = z4[channel * height + row]!;
        add(
          `conv4[${channel}] at ${position} or ${row}`,
          (leaky(top) - leaky(other)) / rms4,
          (move) =>
          fromZ4(move, [{ channel, position, value: -value }, { channel, position: row, value }]), // prettier-ignore
        );
      }
    }
    const whole: Move = new Map();
    const ofA3 = backRows(whole, 'conv4', outputChanges(gradEmbedding), a3, o3, w4);
    z3.forEach((z, i) =>
      add(`conv3[${i}]`, z / rms3, (move) =>
        fromZ3(move, [{ channel: Math.floor(i / height), position: i % height, value: ofA3[i]! * KINK }]),
      ),
    );
    const ofA2 = backRows(whole, 'conv3', changesOf(ofA3, z3), a2, o2, w3);
    const ofMax = ofA2.map((value, i) => value * slopeAt(max[i]!));
    for (const { channel, row, position, gap } of rivals) {
      const at = channel * height + row;
      add(`conv2[${channel},${row}] at ${best[at]} or ${position}`, gap, (move) => {
        fromMax(move, channel, row, best[at]!, -ofMax[at]!);
        fromMax(move, channel, row, position, ofMax[at]!);
      });
    }
    max.forEach((z, i) =>
      add(`conv2[${i}]`, z / rms2, (move) => fromMax(move, Math.floor(i / height), i % height, best[i]!, ofA2[i]! * KINK)),
    );
    const ofUnits = new Map<string, { channel: number; row: number; q: number; z: number; value: number }>(); // of conv1, under the maxima
    for (let i = 0; i < max.length; i++) {
      const [channel, row] = [Math.floor(i / height), i % height];
      for (let t = 0; t < 3; t++) {
        const q = 2 * best[i]! - 1 + t;
        for (let c = 0; c < h && isInside(q); c++) {
          const z = z1(c, row, q);
          if (Math.abs(z) > NEAR * rms1) continue;
          const unit = ofUnits.get(`${c},${row},${q}`) ?? { channel: c, row, q, z, value: 0 };
          unit.value += ofMax[i]! * w2[(channel * h + c) * 3 + t]!;
          ofUnits.set(`${c},${row},${q}`, unit);
        }
      }
    }
    for (const [key, { channel, row, q, z, value }] of ofUnits) {
      add(`conv1[${key}]`, z / rms1, (move) => intoZ1(move)(channel, row, q, value * KINK));
    }
    return found;
  }

  return { embedding, addParameters: (move, gradient) => fromZ4(move, outputChanges(gradient)), ties };
}
