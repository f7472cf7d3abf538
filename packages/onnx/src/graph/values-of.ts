import { rawToFloat32 } from '@netspace/formats';

import type { Binding, Initializers, NormNames } from './bindings.js';

type Values = Float32Array | Float64Array;

/** A parameter's values in the file, row-major in the order of its spec. */
export function valuesOf({ source, spec }: Binding, initializers: Initializers): Float32Array {
  const read = cached(initializers);
  switch (source.kind) {
    case 'plain': {
      const values = read(source.initializer);
      return Float32Array.from(source.transposed ? transposed(values, spec.shape) : values);
    }
    case 'folded-weight': {
      const values = read(source.initializer);
      const slopes = slopesOf(source.norm, read);
      const each = values.length / slopes.length;
      return Float32Array.from(values, (value, i) => value * slopes[Math.floor(i / each)]!);
    }
    case 'norm-weight':
      return Float32Array.from(slopesOf(source.norm, read));
    case 'folded-bias':
    case 'norm-bias': {
      const slopes = slopesOf(source.norm, read);
      const bias = source.kind === 'folded-bias' && source.initializer !== undefined ? read(source.initializer) : undefined;
      const [mean, shift] = [read(source.norm.mean), read(source.norm.shift)];
      return Float32Array.from(slopes, (slope, i) => ((bias?.[i] ?? 0) - mean[i]!) * slope + shift[i]!);
    }
    case 'gates': {
      const { direction, row, rows, order } = source.place;
      const whole = read(source.initializer);
      const width = spec.shape[1] ?? 1;
      const perDirection = whole.length / initializers.get(source.initializer)!.shape[0]!;
      const each = rows / order.length;
      const result = new Float32Array(rows * width);
      order.forEach((own, gate) => {
        const from = direction * perDirection + (row + gate * each) * width;
        result.set(Array.from(whole.slice(from, from + each * width)), own * each * width);
      });
      return result;
    }
  }
}

/** `γ / √(σ² + ε)` */
function slopesOf({ scale, variance, epsilon }: NormNames, read: (name: string) => Values): Float64Array {
  const variances = read(variance);
  return Float64Array.from(read(scale), (gamma, i) => gamma / Math.sqrt(variances[i]! + epsilon));
}

function cached(initializers: Initializers): (name: string) => Values {
  const known = new Map<string, Values>();
  return (name) => {
    let values = known.get(name);
    if (values === undefined) {
      const raw = initializers.get(name)!.read();
      values = raw.dtype === 'F64' ? raw.data : rawToFloat32(raw);
      known.set(name, values);
    }
    return values;
  };
}

/** `[rows, columns]` → `shape`, which is `[columns, rows]`. */
export function transposed(values: Values, [rows = 0, columns = 0]: readonly number[]): Values {
  return values.map((_, i) => values[(i % columns) * rows + Math.floor(i / columns)]!);
}
