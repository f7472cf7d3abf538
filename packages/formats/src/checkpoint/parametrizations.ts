import { NetSpaceError } from '@netspace/prep';
import { equal } from '@netspace/prep/internal';
import { INTEGERS, plainValues, type WeightSource } from './weight-source.js';

type Sources = Map<string, WeightSource>;

/**
 * Computes weights that PyTorch stores in parts: pruning masks, spectral norm, weight norm (each as of `torch.nn.utils` and as a
 * parametrization), and integers with their scales.
 *
 * `w = w₀ · mask`; `w = w₀ / (uᵀ W₀ v)`; `w = g · v / ‖v‖`; `w = (q − z) · s`.
 *
 * @see Salimans, Kingma, "Weight Normalization", arXiv:1602.07868; Miyato et al., "Spectral Normalization", arXiv:1802.05957
 */
export function resolveParametrizations(caller: string, sources: Sources): Sources {
  const all = new Map(sources);
  for (const name of [...all.keys()]) combine(all, name, /^(.*)_orig$/, '$1', ['$1_mask'], masked);
  for (const name of [...all.keys()]) combine(all, name, /^(.*)_orig$/, '$1', ['$1_u', '$1_v'], spectral);
  for (const name of [...all.keys()]) combine(all, name, /^(.*)_v$/, '$1', ['$1_g'], weightNorm);
  for (const name of [...all.keys()]) combine(all, name, NORMALIZED, '$1$2', ['$1parametrizations.$2.original0'], weightNorm);
  for (const name of [...all.keys()])
    combine(all, name, ORIGINAL, '$1$2', ['$1parametrizations.$2.0._u', '$1parametrizations.$2.0._v'], spectral);
  for (const name of [...all.keys()]) refuseUnknown(caller, all, name);
  for (const source of [...all.values()]) scale(all, source);
  return all;
}

const NORMALIZED = /^((?:.*\.)?)parametrizations\.([^.]+)\.original1$/;
const ORIGINAL = /^((?:.*\.)?)parametrizations\.([^.]+)\.original$/;
const ANY = /^((?:.*\.)?)parametrizations\.([^.]+)\.original\d*$/;

type Combine = (main: WeightSource, ...others: readonly WeightSource[]) => Float64Array;

/** Replaces a tensor and its companions by the weight that they make together. */
function combine(all: Sources, name: string, pattern: RegExp, to: string, others: readonly string[], values: Combine): void {
  const main = all.get(name);
  if (main === undefined || !pattern.test(name)) return;
  const parts = others.map((other) => all.get(name.replace(pattern, other)));
  const target = name.replace(pattern, to);
  if (!parts.every((part) => part !== undefined) || all.has(target)) return;
  for (const { name: part } of [main, ...parts]) all.delete(part);
  all.set(target, {
    ...{ name: target, container: main.container, shape: main.shape },
    parts: [main, ...parts].flatMap((source) => source.parts),
    values: () => values(main, ...parts),
  });
}

function refuseUnknown(caller: string, all: Sources, name: string): void {
  const main = all.get(name);
  const target = name.replace(ANY, '$1$2');
  if (main === undefined || target === name || all.has(target)) return;
  const stem = name.slice(0, name.lastIndexOf('.') + 1);
  const parts = [...all.keys()].filter((other) => other.startsWith(stem));
  for (const part of parts) all.delete(part);
  all.set(target, {
    ...{ name: target, parts, container: main.container, shape: main.shape },
    values() {
      throw new NetSpaceError(
        'UNSUPPORTED',
        `${caller}: expected ${target} as weight norm or spectral norm, got another parametrization (${parts.join(', ')}); call torch.nn.utils.parametrize.remove_parametrizations before saving`,
      );
    },
  });
}

const masked: Combine = (main, mask) => {
  if (!equal(main.shape, mask!.shape)) throw shapeError(main, mask!);
  const keep = plainValues(mask!);
  return Float64Array.from(main.values(), (value, i) => value * keep[i]!);
};

const spectral: Combine = (main, left, right) => {
  const [u, v, weight] = [plainValues(left!), plainValues(right!), main.values()];
  const [rows, columns] = [u.length, v.length];
  if (main.shape[0] !== rows || weight.length !== rows * columns) throw shapeError(main, left!);
  let sigma = 0;
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) sigma += u[i]! * weight[i * columns + j]! * v[j]!;
  return Float64Array.from(weight, (value) => value / sigma);
};

const weightNorm: Combine = (direction, size) => {
  const [v, g] = [direction.values(), plainValues(size!)];
  const axis = Math.max(
    0,
    size!.shape.findIndex((side) => side > 1),
  ); // the axis along which each slice has a size of its own
  const sides = direction.shape;
  const slices = g.length;
  if (slices !== 1 && (sides[axis] !== slices || size!.shape.length !== sides.length)) throw shapeError(direction, size!);
  const inner = sides.slice(axis + 1).reduce((product, side) => product * side, 1);
  const sliceOf = (i: number): number => (slices === 1 ? 0 : Math.floor(i / inner) % slices);
  const squares = new Float64Array(slices);
  v.forEach((value, i) => (squares[sliceOf(i)]! += value * value));
  return Float64Array.from(v, (value, i) => (g[sliceOf(i)]! * value) / Math.sqrt(squares[sliceOf(i)]!));
};

const shapeError = (main: WeightSource, other: WeightSource): NetSpaceError =>
  new NetSpaceError(
    'SHAPE_MISMATCH',
    `instanceFromRawTensors: expected ${other.name} to go with ${main.name} [${main.shape}], got [${other.shape}]`,
  );

/**
 * Multiplies integers by the scales next to them. With no scales or several, integers stay as they are, and are refused if a network needs
 * them.
 */
function scale(all: Sources, source: WeightSource): void {
  const { name, raw, shape } = source;
  if (raw === undefined || !INTEGERS.has(raw.dtype)) return;
  const layer = name.slice(0, name.lastIndexOf('.') + 1);
  const beside = (names: readonly string[]) => [...new Set(names)].flatMap((other) => all.get(other) ?? []);
  const isWeight = name === `${layer}weight`;
  const scales = beside([
    `${name}_scale`,
    `${name}.scale`,
    `${name}_scales`,
    ...(isWeight ? [`${layer}scale`, `${layer}scales`, `${layer}SCB`] : []),
  ]);
  const zeros = beside([`${name}_zero_point`, `${name}.zero_point`, `${name}_zero_points`, ...(isWeight ? [`${layer}zero_point`] : [])]);
  const [factor, zero] = [scales[0], zeros[0]];
  if (factor === undefined || scales.length > 1 || zeros.length > 1) return;
  if (raw.dtype === 'U8' && zero === undefined) return; // unsigned bytes have a zero point, but the file does not say which
  const channels = shape[0] ?? 1;
  const fits = (other: WeightSource): boolean => {
    const count = other.shape.reduce((product, side) => product * side, 1);
    return count === 1 || (count === channels && other.shape[0] === channels);
  };
  if (!fits(factor) || (zero !== undefined && !fits(zero))) return;
  const unit = factor.name.endsWith('SCB') ? 1 / 127 : 1; // bitsandbytes stores each row's largest size
  for (const part of [factor, zero]) if (part !== undefined) all.delete(part.name);
  all.set(name, {
    ...{ name, container: source.container, shape },
    parts: [name, ...factor.parts, ...(zero?.parts ?? [])],
    values() {
      const [scaleOf, zeroOf] = [plainValues(factor), zero === undefined ? new Float32Array(1) : plainValues(zero)];
      const inner = shape.slice(1).reduce((product, side) => product * side, 1);
      const at = (list: Float32Array | Float64Array, i: number): number => list[list.length === 1 ? 0 : Math.floor(i / inner)]!;
      return Float64Array.from(plainValues(source), (value, i) => (value - at(zeroOf, i)) * at(scaleOf, i) * unit);
    },
  });
}
