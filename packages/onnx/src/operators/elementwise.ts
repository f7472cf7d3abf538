import * as tf from '@tensorflow/tfjs-core';

import { type Call, input, int, type Operator, unsupported } from '../run/call.js';
import { aligned, host, type Host, isHost, type Kind, kindOf, like, onDevice, range, shapeOf, sizeOf, type Value } from '../run/value.js';

/** An operator of one value, on the device and on constants. */
export const unary =
  (device: (x: tf.Tensor) => tf.Tensor, constant?: (x: number) => number, kind?: Kind): Operator =>
  (call) => {
    const x = input(call, 0);
    if (isHost(x) && constant !== undefined) return host(kind ?? x.kind, x.shape, Float64Array.from(x.data, constant));
    const view = onDevice(x);
    return like(view, device(view.tensor));
  };

/** Shape of what two shapes broadcast to. */
export function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const side = (shape: readonly number[], i: number): number => shape[i - rank + shape.length] ?? 1;
  return Array.from({ length: rank }, (_, i) => (side(a, i) === 1 ? side(b, i) : side(a, i)));
}

/** The index into a value, for each place of the shape that it is broadcast to. */
export function broadcastIndex(from: readonly number[], to: readonly number[]): (place: number) => number {
  const steps = Array<number>(to.length).fill(0);
  let step = 1;
  for (let i = from.length - 1; i >= 0; i--) {
    steps[i + to.length - from.length] = from[i] === 1 ? 0 : step;
    step *= from[i]!;
  }
  return (place) => {
    let [rest, index] = [place, 0];
    for (let axis = to.length - 1; axis >= 0; axis--) {
      index += (rest % to[axis]!) * steps[axis]!;
      rest = Math.floor(rest / to[axis]!);
    }
    return index;
  };
}

export function hostBinary(a: Host, b: Host, compute: (x: number, y: number) => number, kind: Kind): Host {
  const shape = broadcast(a.shape, b.shape);
  const [ia, ib] = [broadcastIndex(a.shape, shape), broadcastIndex(b.shape, shape)];
  return host(
    kind,
    shape,
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => compute(a.data[ia(i)]!, b.data[ib(i)]!)),
  );
}

type Compute = (x: number, y: number) => number;

/** A function without a gradient, such as a comparison: tfjs stops at those where it should take none. */
export const flat =
  <T extends readonly tf.Tensor[]>(compute: (...values: T) => tf.Tensor) =>
  (...values: T): tf.Tensor =>
    tf.customGrad((...given) => ({
      value: compute(...(given.slice(0, values.length) as unknown as T)),
      gradFunc: () => values.map(({ shape }) => tf.zeros(shape)),
    }))(...values);

/** An operator of two values that are broadcast. */
const binary =
  (
    device: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
    compute: Compute | { readonly ints: Compute; readonly floats: Compute },
    kind?: Kind,
  ): Operator =>
  (call) => {
    const [a, b] = [input(call, 0), input(call, 1)];
    if (isHost(a) && isHost(b)) {
      const pick = typeof compute === 'function' ? compute : a.kind === 'int32' ? compute.ints : compute.floats;
      call.budget('valueSize', sizeOf(broadcast(a.shape, b.shape)));
      return hostBinary(a, b, pick, kind ?? a.kind);
    }
    const { tensors, axes } = aligned([a, b]);
    return { tensor: onFewAxes(call, device, tensors[0]!, tensors[1]!), axes };
  };

/** Most axes of arithmetic: TensorFlow.js's wasm backend computes other numbers for more, without a word. */
const MOST_AXES = 6;

/** Arithmetic of tensors of one rank; neighbouring axes that broadcast alike are one while it runs, if there are many. */
function onFewAxes(call: Call, device: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  if (a.rank <= MOST_AXES) return device(a, b);
  const shape = broadcast(a.shape, b.shape);
  const kinds = shape.map((_, axis) => (a.shape[axis] === b.shape[axis] ? 'both' : a.shape[axis] === 1 ? 'right' : 'left'));
  const starts = range(a.rank).filter((axis) => kinds[axis] !== kinds[axis - 1]);
  if (starts.length > MOST_AXES)
    throw unsupported(call, `arithmetic of at most ${MOST_AXES} axes`, `shape [${shape}]`, 'reshape before it');
  const merged = (x: tf.Tensor): tf.Tensor =>
    tf.reshape(x, starts.map((from, i) => sizeOf(x.shape.slice(from, starts[i + 1])))); // prettier-ignore
  return tf.reshape(device(merged(a), merged(b)), shape);
}

/** An operator of any number of values, two at a time. */
const variadic =
  (device: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, compute: Compute): Operator =>
  (call) => {
    const values = call.inputs.map((_, i) => input(call, i));
    return values.slice(1).reduce((a, b) => binary(device, compute)({ ...call, inputs: [a, b] }) as Value, values[0]!);
  };

const comparison = (device: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, compute: (x: number, y: number) => boolean): Operator =>
  binary(flat(device), (x, y) => Number(compute(x, y)), 'bool');
const logical = (device: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, compute: (x: boolean, y: boolean) => boolean): Operator =>
  binary(
    flat((a, b) => device(tf.cast(a, 'bool'), tf.cast(b, 'bool'))),
    (x, y) => Number(compute(x !== 0, y !== 0)),
    'bool',
  );

/** Rounds towards zero. */
const truncated = (x: tf.Tensor): tf.Tensor => tf.mul(tf.sign(x), tf.floor(tf.abs(x)));

function divided(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  if (a.dtype !== 'int32') return tf.div(a, b);
  const floor = tf.floorDiv(a, b); // towards minus infinity; ONNX rounds towards zero
  const inexact = tf.logicalAnd(tf.notEqual(tf.mul(floor, b), a), tf.less(floor, 0));
  return tf.add(floor, tf.cast(inexact, 'int32'));
}

const roundEven = (x: number): number => {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest === 0.5 ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(x);
};

/** `x^y`; small constant powers are products, whose gradients are finite at 0. */
const power: Operator = (call) => {
  const [x, y] = [input(call, 0), input(call, 1)];
  if (isHost(x) && isHost(y)) return hostBinary(x, y, (a, b) => a ** b, x.kind);
  if (isHost(y) && sizeOf(y.shape) === 1 && y.shape.length <= shapeOf(x).length && !isHost(x)) {
    const exponent = y.data[0]!;
    if (exponent === 1) return x;
    if (exponent === 2) return like(x, tf.square(x.tensor));
    if (exponent === 3) return like(x, tf.mul(tf.square(x.tensor), x.tensor));
    if (exponent === 0.5) return like(x, tf.sqrt(x.tensor));
    return like(x, tf.pow(x.tensor, tf.scalar(exponent, x.tensor.dtype as 'float32')));
  }
  const { tensors, axes } = aligned([x, y]);
  return { tensor: tf.pow(tensors[0]!, tf.cast(tensors[1]!, tensors[0]!.dtype)), axes };
};

const modulo: Operator = (call) => {
  const towardsZero = int(call, 'fmod', 0) === 1;
  const rest = (x: number, y: number): number => {
    const signed = x % y;
    return towardsZero || signed === 0 || signed < 0 === y < 0 ? signed : signed + y;
  };
  const device = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => {
    if (a.dtype === 'int32') return towardsZero ? tf.sub(a, tf.mul(divided(a, b), b)) : tf.mod(a, b);
    const finite = towardsZero ? tf.sub(a, tf.mul(truncated(tf.div(a, b)), b)) : tf.mod(a, b);
    // By an infinity: `a` itself, or where the result has the divisor's sign and `a` has the other, the infinity.
    const opposite = flat((x: tf.Tensor, y: tf.Tensor) => tf.less(tf.mul(tf.sign(x), tf.sign(y)), 0));
    const byInfinity = flat((x: tf.Tensor, y: tf.Tensor) => tf.logicalAnd(tf.isFinite(x), tf.isInf(y)));
    return tf.where(byInfinity(a, b), towardsZero ? a : tf.where(opposite(a, b), b, a), finite);
  };
  return binary(device, rest)(call);
};

/** An infinity of either sign, or of one alone. */
const isInfinite: Operator = (call) => {
  const [negative, positive] = [int(call, 'detect_negative', 1) === 1, int(call, 'detect_positive', 1) === 1];
  const signs = (x: tf.Tensor): tf.Tensor =>
    tf.logicalOr(tf.logicalAnd(tf.greater(x, 0), positive), tf.logicalAnd(tf.less(x, 0), negative));
  const counts = (x: number): number => Number((positive && x === Infinity) || (negative && x === -Infinity));
  return unary(flat((x: tf.Tensor) => tf.logicalAnd(tf.isInf(x), signs(x))), counts, 'bool')(call); // prettier-ignore
};

const where: Operator = (call) => {
  const [condition, a, b] = [input(call, 0), input(call, 1), input(call, 2)];
  if (isHost(condition) && isHost(a) && isHost(b)) {
    const shape = broadcast(condition.shape, broadcast(a.shape, b.shape));
    call.budget('valueSize', sizeOf(shape));
    const at = [condition, a, b].map((value) => broadcastIndex(value.shape, shape));
    return host(
      a.kind,
      shape,
      Float64Array.from({ length: sizeOf(shape) }, (_, i) => (condition.data[at[0]!(i)] ? a.data[at[1]!(i)]! : b.data[at[2]!(i)]!)),
    );
  }
  const { tensors, axes } = aligned([condition, a, b]);
  return { tensor: tf.where(tf.cast(tensors[0]!, 'bool'), tensors[1]!, tensors[2]!), axes };
};

/** Types on the device, by ONNX's. */
const KINDS: Readonly<Record<number, Kind>> = {
  ...{ 1: 'float32', 10: 'float32', 11: 'float32', 16: 'float32' },
  ...{ 2: 'int32', 3: 'int32', 4: 'int32', 5: 'int32', 6: 'int32', 7: 'int32', 12: 'int32', 13: 'int32', 9: 'bool' },
};

export const toKind = (value: Value, kind: Kind): Value => {
  if (isHost(value)) {
    const whole = kind === 'int32' && value.kind === 'float32';
    const data = kind === 'bool' ? Float64Array.from(value.data, (x) => Number(x !== 0)) : whole ? Float64Array.from(value.data, Math.trunc) : value.data; // prettier-ignore
    return host(kind, value.shape, data);
  }
  if (value.tensor.dtype === kind) return value;
  const cast = (x: tf.Tensor): tf.Tensor => tf.cast(kind === 'bool' ? tf.notEqual(x, 0) : x, kind);
  return like(value, kind === 'float32' ? cast(value.tensor) : flat(cast)(value.tensor));
};

/** The type on the device of an attribute that numbers one of ONNX's. */
export function kindNumbered(call: Call, name: string): Kind {
  const number = int(call, name, 1);
  const kind = KINDS[number];
  if (kind === undefined) throw unsupported(call, 'a type of real numbers', `type ${number}`, 'use another');
  return kind;
}

const cast: Operator = (call) => toKind(input(call, 0), kindNumbered(call, 'to'));

/** Arithmetic, comparisons and casts, element by element. */
export const ELEMENTWISE: Readonly<Record<string, Operator>> = {
  Add: binary(tf.add, (x, y) => x + y),
  Sub: binary(tf.sub, (x, y) => x - y),
  Mul: binary(tf.mul, (x, y) => x * y),
  Div: binary(divided, { ints: (x, y) => Math.trunc(x / y), floats: (x, y) => x / y }),
  Pow: power,
  Mod: modulo,
  Max: variadic(tf.maximum, Math.max),
  Min: variadic(tf.minimum, Math.min),
  Sum: variadic(tf.add, (x, y) => x + y),
  Mean: (call) => {
    const sum = ELEMENTWISE['Sum']!(call) as Value;
    const view = onDevice(sum);
    return like(view, tf.div(view.tensor, call.inputs.length));
  },
  Equal: comparison(tf.equal, (x, y) => x === y),
  Less: comparison(tf.less, (x, y) => x < y),
  LessOrEqual: comparison(tf.lessEqual, (x, y) => x <= y),
  Greater: comparison(tf.greater, (x, y) => x > y),
  GreaterOrEqual: comparison(tf.greaterEqual, (x, y) => x >= y),
  And: logical(tf.logicalAnd, (x, y) => x && y),
  Or: logical(tf.logicalOr, (x, y) => x || y),
  Xor: logical(tf.logicalXor, (x, y) => x !== y),
  Not: unary(
    flat((x: tf.Tensor) => tf.logicalNot(tf.cast(x, 'bool'))),
    (x) => Number(x === 0),
    'bool',
  ),
  Abs: unary(tf.abs, Math.abs),
  Neg: unary(tf.neg, (x) => -x),
  Exp: unary(tf.exp, Math.exp),
  Log: unary(tf.log, Math.log),
  Sqrt: unary(tf.sqrt, Math.sqrt),
  Reciprocal: unary(
    (x) => tf.div(1, x),
    (x) => 1 / x,
  ),
  Floor: unary(tf.floor, Math.floor),
  Ceil: unary(tf.ceil, Math.ceil),
  Round: unary(tf.round, roundEven),
  Sign: unary(tf.sign, Math.sign),
  Sin: unary(tf.sin, Math.sin),
  Cos: unary(tf.cos, Math.cos),
  Tan: unary(tf.tan, Math.tan),
  Asin: unary(tf.asin, Math.asin),
  Acos: unary(tf.acos, Math.acos),
  Atan: unary(tf.atan, Math.atan),
  Sinh: unary(tf.sinh, Math.sinh),
  Cosh: unary(tf.cosh, Math.cosh),
  Tanh: unary(tf.tanh, Math.tanh),
  Asinh: unary(tf.asinh, Math.asinh),
  Acosh: unary(tf.acosh, Math.acosh),
  Atanh: unary(tf.atanh, Math.atanh),
  Erf: unary(tf.erf),
  Erfc: unary((x) => tf.sub(1, tf.erf(x))), // not ONNX's: tf2onnx writes it for Keras's gelu
  IsNaN: unary(flat(tf.isNaN), (x) => Number(Number.isNaN(x)), 'bool'),
  IsInf: isInfinite,
  Where: where,
  Cast: cast,
  CastLike: (call) => toKind(input(call, 0), kindOf(input(call, 1))),
  Identity: (call) => input(call, 0),
  Dropout: (call) => {
    const training = call.inputs[2];
    if (training !== undefined && !(isHost(training) && training.data[0] === 0)) {
      throw unsupported(call, 'dropout that is off', 'one that may be on', 'export the model with model.eval()');
    }
    const x = input(call, 0);
    if (call.node.outputs[1] === undefined) return x;
    const mask = host(call.opset < 10 ? kindOf(x) : 'bool', shapeOf(x), new Uint8Array(sizeOf(shapeOf(x))).fill(1));
    return [x, mask];
  },
};
