import type { ChannelAxis, ChannelPiece, FlattenedAxis, ParameterSpec } from '../architecture.js';
import { type Axis, type Leaf, leaf, pin, product, resolve, sum } from './axis.js';
import { fix, type Label, rootOf, type Sign } from './label.js';
import type { LabeledRun } from './run-on-labels.js';
import { splitAt, takeOuter } from './unify.js';

/** What a run on labels found. */
export interface FoundSymmetries {
  /** The specs of the architecture with the symmetries. */
  readonly specs: readonly ParameterSpec[];
  /** Which groups of `specs` an axis of any tensor of the run goes over. */
  readonly channelsOf: (axis: Axis) => ChannelAxis;
}

/** Writes down the symmetries that a run on labels found. */
export function describeSymmetries(specs: readonly ParameterSpec[], run: LabeledRun): FoundSymmetries {
  const bare = specs.map(withoutSymmetries);
  if (run.readNumbers) return { specs: bare, channelsOf: () => undefined };
  run.parameters.forEach(({ axes, signs }, i) => {
    if (run.used.has(i)) return;
    pin(...axes);
    fix(...signs);
  });
  const axes = bare.map((spec, i) => torchAxes(spec, run.parameters[i]!));
  for (const axis of axes.flat()) piecesOf(axis); // pins what cannot be written down, before anything is named
  const names = namesOf(bare, axes);
  const signNames = new Map<Sign, string>();
  const described = bare.map((spec, i): ParameterSpec => {
    const channels = axes[i]!.map((axis) => written(axis, names));
    const signs = spec.shape.map((_, k) => {
      const name = channels[k];
      const sign = rootOf(run.parameters[i]!.signs[placeIn(spec, k)]!);
      return typeof name !== 'string' || sign.fixed ? undefined : nameOfSign(signNames, sign, name);
    });
    const period = run.aperiodic.has(i) ? undefined : run.periods.get(i);
    return {
      ...spec,
      ...(channels.some((axis) => axis !== undefined) ? { channels } : {}),
      ...(signs.some((name) => name !== undefined) ? { signs } : {}),
      ...(period === undefined ? {} : { period }),
    };
  });
  return { specs: described, channelsOf: (axis) => written(axis, names) };
}

/** By name: a spec may ask for its symmetries as soon as they are read. */
const withoutSymmetries = ({ name, shape, tensorAxes, flattened }: ParameterSpec): ParameterSpec => ({
  name,
  shape,
  ...(tensorAxes === undefined ? {} : { tensorAxes }),
  ...(flattened === undefined ? {} : { flattened }),
});

/** Where the tensor that `apply` reads has an axis of `shape`. */
const placeIn = ({ tensorAxes }: ParameterSpec, axis: number): number => tensorAxes?.indexOf(axis) ?? axis;

/** The axes as the PRep has them: channel by channel where `apply` reads pixel by pixel. */
function torchAxes(spec: ParameterSpec, { axes }: Label): readonly Axis[] {
  return spec.shape.map((_, axis) => {
    const parts = spec.flattened?.find((flattened) => flattened.axis === axis)?.parts;
    const found = axes[placeIn(spec, axis)]!;
    return parts === undefined ? found : channelByChannel(found, parts);
  });
}

function channelByChannel(axis: Axis, parts: FlattenedAxis['parts']): Axis {
  const moved: Axis[] = [];
  let rest: Axis = axis;
  for (const [channels, pixels] of parts) {
    const pieces = splitAt(rest, channels * pixels);
    const factors = pieces && takeOuter(pieces[0], pixels);
    if (factors === undefined) {
      pin(axis);
      return leaf(axis.size, true);
    }
    moved.push(product(factors[1], factors[0]));
    rest = pieces![1];
  }
  return sum(...moved);
}

/** An axis as pieces of leaves. Of a product with a sum inside, what stands before the sum is pinned and counted out. */
function piecesOf(axis: Axis): readonly (readonly Leaf[])[] {
  const found = resolve(axis);
  if (found.kind === 'leaf') return [[found]];
  if (found.kind === 'sum') return found.parts.flatMap(piecesOf);
  const place = found.factors.findIndex(({ kind }) => kind === 'sum');
  if (place === -1) return [found.factors as readonly Leaf[]];
  const before = product(...found.factors.slice(0, place));
  pin(before);
  const pieces = piecesOf(product(...found.factors.slice(place)));
  return Array.from({ length: before.size }, () => pieces).flat();
}

/** Groups are named after the layer that has them first. */
function namesOf(specs: readonly ParameterSpec[], axes: readonly (readonly Axis[])[]): ReadonlyMap<Leaf, string> {
  const names = new Map<Leaf, string>();
  const taken = new Set<string>();
  specs.forEach(({ name }, i) => {
    const layer = name.replace(/\.[^.]*$/, '');
    for (const found of axes[i]!.flatMap(piecesOf).flat()) {
      if (found.pinned || names.has(found)) continue;
      names.set(found, unused(layer, taken));
    }
  });
  return names;
}

function unused(name: string, taken: Set<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count++) free = `${name}.${count}`;
  taken.add(free);
  return free;
}

function nameOfSign(names: Map<Sign, string>, sign: Sign, channels: string): string {
  const known = names.get(sign);
  if (known !== undefined) return known;
  const name = unused(channels, new Set(names.values()));
  names.set(sign, name);
  return name;
}

function written(axis: Axis, names: ReadonlyMap<Leaf, string>): ChannelAxis {
  const pieces: ChannelPiece[] = [];
  for (const piece of piecesOf(axis)) {
    const factors: { size: number; channels?: string }[] = [];
    for (const found of piece) {
      const channels = names.get(found);
      const last = factors.at(-1);
      if (channels === undefined && last !== undefined && last.channels === undefined) last.size *= found.size;
      else factors.push(channels === undefined ? { size: found.size } : { size: found.size, channels });
    }
    if (factors.length === 0) factors.push({ size: 1 });
    const before = pieces.at(-1);
    if (isFixed(factors) && before !== undefined && isFixed(before)) pieces[pieces.length - 1] = [{ size: before[0]!.size + factors[0]!.size }];
    else pieces.push(factors);
  } // prettier-ignore
  if (pieces.every(isFixed)) return undefined;
  const [[first] = []] = pieces;
  return pieces.length === 1 && pieces[0]!.length === 1 ? first!.channels : pieces;
}

const isFixed = (piece: ChannelPiece): boolean => piece.length === 1 && piece[0]!.channels === undefined;
