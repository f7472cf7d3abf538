/** Plain, slow, double-precision networks, written from golden/README.md alone: an independent truth for small folders. */

/** Channels first, row-major. */
export interface Planes {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float64Array;
}

/** A weight and its bias, PyTorch's axis order. */
export interface Layer {
  readonly shape: readonly number[];
  readonly weight: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
}

type Pair = readonly [vertical: number, horizontal: number];

export const planes = (values: ArrayLike<number>, channels: number, height: number, width: number): Planes => ({
  channels,
  height,
  width,
  data: Float64Array.from(values),
});

/** Cross-correlation with zero padding. */
export function convolve(x: Planes, { shape, weight, bias }: Layer, [sy, sx]: Pair, [py, px]: Pair): Planes {
  const [channels = 0, inputs = 0, kh = 0, kw = 0] = shape;
  const height = Math.floor((x.height + 2 * py - kh) / sy) + 1;
  const width = Math.floor((x.width + 2 * px - kw) / sx) + 1;
  const out = planes(new Float64Array(channels * height * width), channels, height, width);
  for (let o = 0; o < channels; o++) {
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        let sum = bias[o]!;
        for (let c = 0; c < inputs; c++) {
          for (let u = 0; u < kh; u++) {
            const row = i * sy - py + u;
            if (row < 0 || row >= x.height) continue;
            for (let v = 0; v < kw; v++) {
              const column = j * sx - px + v;
              if (column < 0 || column >= x.width) continue;
              sum += weight[((o * inputs + c) * kh + u) * kw + v]! * x.data[(c * x.height + row) * x.width + column]!;
            }
          }
        }
        out.data[(o * height + i) * width + j] = sum;
      }
    }
  }
  return out;
}

export const square = (x: Planes, layer: Layer, stride: number, padding: number): Planes =>
  convolve(x, layer, [stride, stride], [padding, padding]);

export const leaky = (x: Planes): Planes => ({ ...x, data: x.data.map((value) => (value > 0 ? value : 0.01 * value)) });

export const add = (a: Planes, b: Planes): Planes => ({ ...a, data: a.data.map((value, i) => value + b.data[i]!) });

/** The same numbers as other planes. */
export const view = ({ data }: Planes, channels: number, height: number, width: number): Planes => ({ channels, height, width, data });

export function linear(x: ArrayLike<number>, { shape, weight, bias }: Layer): Float64Array {
  const [outputs = 0, inputs = 0] = shape;
  return Float64Array.from({ length: outputs }, (_, o) => {
    let sum = bias[o]!;
    for (let i = 0; i < inputs; i++) sum += weight[o * inputs + i]! * x[i]!;
    return sum;
  });
}

/** The maximum over rows (`height`) or columns (`width`). */
export function maximum(x: Planes, over: 'height' | 'width'): Planes {
  const height = over === 'height' ? 1 : x.height;
  const width = over === 'width' ? 1 : x.width;
  const out = planes(new Float64Array(x.channels * height * width).fill(-Infinity), x.channels, height, width);
  x.data.forEach((value, index) => {
    const column = over === 'width' ? 0 : index % x.width;
    const row = over === 'height' ? 0 : Math.floor(index / x.width) % x.height;
    const place = (Math.floor(index / (x.width * x.height)) * height + row) * width + column;
    out.data[place] = Math.max(out.data[place]!, value);
  });
  return out;
}

/** The mean of each channel's 8×8 squares. */
export function averagePool8(x: Planes): Planes {
  const out = planes(new Float64Array((x.data.length / 64) | 0), x.channels, x.height / 8, x.width / 8);
  x.data.forEach((value, index) => {
    const row = Math.floor((Math.floor(index / x.width) % x.height) / 8);
    const column = Math.floor((index % x.width) / 8);
    out.data[(Math.floor(index / (x.width * x.height)) * out.height + row) * out.width + column]! += value / 64;
  });
  return out;
}
