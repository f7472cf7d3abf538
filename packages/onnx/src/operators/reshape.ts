import { corruptFile } from '../limits.js';
import { axisOf, type Call, constant, constants, input, int, ints, misfit, nameOf, type Operator, text } from '../run/call.js';
import { reshaped } from '../run/reshape.js';
import { host, isHost, onDevice, range, same, shapeOf, sizeOf, type Value, type View } from '../run/value.js';
import { tiled } from './along.js';
import { broadcast, broadcastIndex } from './elementwise.js';

/** The same numbers in another shape, on the device or not. */
export const withShape = (value: Value, shape: readonly number[]): Value =>
  isHost(value) ? host(value.kind, shape, value.data) : same(shapeOf(value), shape) ? value : reshaped(value, shape);

const reshape: Operator = (call) => {
  const x = input(call, 0);
  const before = shapeOf(x);
  const target = constants(call, 1, 'shape') ?? [];
  const keepZero = int(call, 'allowzero', 0) === 1;
  const shape = target.map((side, axis) => (side === 0 && !keepZero ? (before[axis] ?? 0) : side));
  const open = shape.indexOf(-1);
  const known = shape.reduce((product, side) => (side === -1 ? product : product * side), 1);
  if (open >= 0) shape[open] = known === 0 ? 0 : sizeOf(before) / known;
  if (shape.some((side) => !Number.isInteger(side) || side < 0) || sizeOf(shape) !== sizeOf(before)) {
    throw misfit(call, `a value that can be reshaped to [${target}]`, [x]);
  }
  return withShape(x, shape);
};

const flatten: Operator = (call) => {
  const x = input(call, 0);
  const shape = shapeOf(x);
  const given = int(call, 'axis', 1);
  const axis = given === shape.length ? given : axisOf(call, given, shape.length);
  return withShape(x, [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis))]);
};

const squeeze: Operator = (call) => {
  const x = input(call, 0);
  const shape = shapeOf(x);
  const axes = constants(call, 1, 'axes')?.map((axis) => axisOf(call, axis, shape.length));
  const gone = axes ?? range(shape.length).filter((axis) => shape[axis] === 1);
  if (gone.some((axis) => shape[axis] !== 1)) throw misfit(call, `length 1 along axes ${gone.join(', ')}`, [x]);
  return withShape(
    x,
    shape.filter((_, axis) => !gone.includes(axis)),
  );
};

const unsqueeze: Operator = (call) => {
  const x = input(call, 0);
  const shape = shapeOf(x);
  const given = constants(call, 1, 'axes') ?? [];
  const rank = shape.length + given.length;
  const axes = new Set(given.map((axis) => axisOf(call, axis, rank)));
  if (axes.size !== given.length)
    throw corruptFile(`expected axes of which none comes twice in ${nameOf(call.node)}, got ${given.join(', ')}`);
  let next = 0;
  return withShape(
    x,
    range(rank).map((axis) => (axes.has(axis) ? 1 : shape[next++]!)),
  );
};

const transpose: Operator = (call) => {
  const x = input(call, 0);
  const rank = shapeOf(x).length;
  const order = ints(call, 'perm') ?? range(rank).reverse();
  if (
    !same(
      [...order].sort((a, b) => a - b),
      range(rank),
    )
  )
    throw misfit(call, `a value with ${order.length} axes`, [x]);
  if (!isHost(x)) return { tensor: x.tensor, axes: x.axes.map((axis) => order.indexOf(axis)) };
  const shape = order.map((axis) => x.shape[axis]!);
  const steps = range(rank).map((axis) => sizeOf(x.shape.slice(axis + 1)));
  const data = Float64Array.from({ length: sizeOf(shape) }, (_, place) => {
    let [rest, index] = [place, 0];
    for (let axis = rank - 1; axis >= 0; axis--) {
      index += (rest % shape[axis]!) * steps[order[axis]!]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return x.data[index]!;
  });
  return host(x.kind, shape, data);
};

/** Repeats a value up to a shape that it is broadcast to. */
function broadcastTo(call: Call, x: Value, shape: readonly number[]): Value {
  const before = shapeOf(x);
  if (same(before, shape)) return x;
  call.budget('valueSize', sizeOf(shape));
  if (isHost(x)) {
    const at = broadcastIndex(before, shape);
    return host(
      x.kind,
      shape,
      Float64Array.from({ length: sizeOf(shape) }, (_, i) => x.data[at(i)]!),
    );
  }
  const view = withShape(x, [...Array<number>(shape.length - before.length).fill(1), ...before]) as View;
  const times = view.axes.map((axis, i) => shape[axis]! / view.tensor.shape[i]!);
  return { tensor: tiled(view.tensor, times), axes: view.axes };
}

const expand: Operator = (call) => {
  const x = input(call, 0);
  const target = Array.from(constant(call, 1, 'shape')?.data ?? []);
  const before = shapeOf(x);
  const shape = broadcast(before, target);
  const fits = [before, target].every((sides) => sides.every((side, i) => side === 1 || side === shape[i - sides.length + shape.length]));
  if (!fits) throw misfit(call, `a value that broadcasts to [${target}]`, [x]);
  return broadcastTo(call, x, shape);
};

const tile: Operator = (call) => {
  const x = input(call, 0);
  const times = Array.from(constant(call, 1, 'repeats')?.data ?? []);
  const view = onDevice(x);
  if (times.length !== view.axes.length) throw misfit(call, `${times.length} axes`, [x]);
  call.budget('valueSize', sizeOf(view.tensor.shape) * sizeOf(times));
  return { tensor: tiled(view.tensor, view.axes.map((axis) => times[axis]!)), axes: view.axes }; // prettier-ignore
};

const depthToSpace: Operator = (call) => {
  const x = onDevice(input(call, 0));
  const [n, c, h, w] = shapeOf(x) as [number, number, number, number];
  const b = int(call, 'blocksize', 1);
  const columnsFirst = text(call, 'mode', 'DCR') === 'CRD';
  const split = reshaped(x, columnsFirst ? [n, c / (b * b), b, b, h, w] : [n, b, b, c / (b * b), h, w]);
  const order = columnsFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
  return reshaped({ tensor: split.tensor, axes: split.axes.map((axis) => order.indexOf(axis)) }, [n, c / (b * b), h * b, w * b]);
};

const spaceToDepth: Operator = (call) => {
  const x = onDevice(input(call, 0));
  const [n, c, h, w] = shapeOf(x) as [number, number, number, number];
  const b = int(call, 'blocksize', 1);
  const split = reshaped(x, [n, c, h / b, b, w / b, b]);
  const order = text(call, 'mode', 'DCR') === 'CRD' ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4];
  return reshaped({ tensor: split.tensor, axes: split.axes.map((axis) => order.indexOf(axis)) }, [n, c * b * b, h / b, w / b]);
};

/** Operators that give the same numbers another shape, or repeat them. */
export const RESHAPES: Readonly<Record<string, Operator>> = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Expand: expand,
  Tile: tile,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
