import { type Architecture, type FoldedBatchNorm, NetSpaceError, type ParameterSpec } from '@netspace/prep';
import { equal } from '@netspace/prep/internal';
import { foldedBias, foldedWeight, type NormParts } from './fold.js';
import type { WeightSource } from './weight-source.js';

type Values = Float32Array | Float64Array;

/** The reason why a network is not in a file under a prefix. */
export type Misfit = { readonly missing: string } | { readonly misshapen: WeightSource; readonly expected: readonly number[] };

/** A network found under a prefix. */
export interface Fit {
  readonly prefix: string;
  /** One per spec. */
  readonly parameters: readonly (() => Values)[];
  readonly used: readonly WeightSource[];
  /** The first parameter that is missing or has another shape. Others may be there. */
  readonly misfit?: Misfit | undefined;
  /** How many parameters fit. */
  readonly count: number;
}

/** The prefixes under which a file has at least one of a network's names, longest known wrapper or not. */
export function prefixesOf(architecture: Architecture, names: Iterable<string>): Set<string> {
  const wanted = new Set(architecture.parameters.map(({ name }) => name));
  for (const { convolution } of architecture.batchNorms ?? []) if (convolution !== undefined) wanted.add(`${convolution}.weight`);
  const prefixes = new Set<string>();
  for (const name of names) {
    for (let at = 0; ;) {
      if (wanted.has(name.slice(at))) prefixes.add(name.slice(0, at));
      const dot = name.indexOf('.', at);
      if (dot < 0) break;
      at = dot + 1;
    }
  }
  return prefixes;
}

/** Looks for all parameters of a network under a prefix, folding batch norms where the file has them. */
export function fitUnder(
  prefix: string,
  architecture: Architecture,
  sources: ReadonlyMap<string, WeightSource>,
  given: number | undefined,
): Fit {
  const used: WeightSource[] = [];
  let misfit: Misfit | undefined;
  const find = (name: string, shape: readonly number[]): WeightSource | undefined => {
    const source = sources.get(prefix + name);
    if (source === undefined) misfit ??= { missing: name };
    else if (!equal(source.shape, shape)) misfit ??= { misshapen: source, expected: shape };
    else {
      used.push(source);
      return source;
    }
    return undefined;
  };
  const layers = new Map(foldedLayers(architecture).flatMap((layer) => [[layer.weight, layer] as const, [layer.bias, layer] as const]));
  const specs = new Map(architecture.parameters.map((spec) => [spec.name, spec]));
  const found = architecture.parameters.map((spec) => {
    const layer = layers.get(spec.name);
    if (layer === undefined) return find(spec.name, spec.shape)?.values;
    const names = namesIn(layer, (name) => sources.has(prefix + name));
    if (names.norm === undefined) return find(spec.name === layer.weight ? names.weight : names.bias, spec.shape)?.values;
    const weightSpec = specs.get(layer.weight)!;
    const norm = normParts(names.norm, weightSpec, find, (name) => sources.has(prefix + name));
    const epsilon = () => epsilonOf(layer, given, architecture.name);
    const alone = layer.convolution === undefined;
    const bias = !alone && sources.has(prefix + names.bias) ? find(names.bias, [weightSpec.shape[0]!]) : undefined;
    if (spec.name === layer.bias) return norm && (() => foldedBias(bias?.values(), norm, epsilon()));
    if (alone) return norm && (() => foldedWeight(new Float64Array(norm.mean.length).fill(1), norm, epsilon()));
    const weight = find(names.weight, spec.shape);
    return weight && norm && (() => foldedWeight(weight.values(), norm, epsilon()));
  });
  return {
    ...{ prefix, used, misfit, count: found.filter((values) => values !== undefined).length },
    parameters: found.map((values) => values ?? (() => new Float32Array())),
  };
}

/** The folded layers whose weight and bias the architecture has; its form before folding has only some of them. */
function foldedLayers({ batchNorms = [], parameters }: Architecture): readonly FoldedBatchNorm[] {
  const names = new Set(parameters.map(({ name }) => name));
  return batchNorms.filter(({ weight, bias }) => names.has(weight) && names.has(bias));
}

/** The names of a folded layer in a file: its own, those before folding, and those of its norm if the file has it. */
function namesIn({ weight, bias, convolution, norm }: FoldedBatchNorm, has: (name: string) => boolean) {
  // A norm by itself is folded already if the file has no statistics of it.
  if (convolution === undefined)
    return { weight, bias, norm: has(`${norm}.running_mean`) || has(`${norm}.running_var`) ? norm : undefined };
  const before = has(`${convolution}.weight`);
  return {
    ...(before ? { weight: `${convolution}.weight`, bias: `${convolution}.bias` } : { weight, bias }),
    norm: ['running_mean', 'running_var', 'weight'].some((part) => has(`${norm}.${part}`)) ? norm : undefined,
  };
}

function epsilonOf({ norm, epsilon }: FoldedBatchNorm, given: number | undefined, name: string): number {
  if (given !== undefined) return given;
  if (epsilon !== 'unknown') return epsilon ?? 1e-5;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `instanceFromCheckpoint: expected the epsilon of ${norm} of ${name}, got none that is surely the file's; pass epsilon (1e-5 unless PyTorch made the norm with another)`,
  );
}

/** A norm's statistics, and its scale and shift unless it was made with `affine=False`. */
function normParts(
  norm: string,
  { shape: [channels = 0] }: ParameterSpec,
  find: (name: string, shape: readonly number[]) => WeightSource | undefined,
  has: (name: string) => boolean,
): NormParts | undefined {
  const affine = has(`${norm}.weight`) || has(`${norm}.bias`);
  const gamma = affine ? find(`${norm}.weight`, [channels]) : undefined;
  const beta = affine ? find(`${norm}.bias`, [channels]) : undefined;
  const mean = find(`${norm}.running_mean`, [channels]);
  const variance = find(`${norm}.running_var`, [channels]);
  if (mean === undefined || variance === undefined || (affine && (gamma === undefined || beta === undefined))) return undefined;
  return { gamma: gamma?.values(), beta: beta?.values(), mean: mean.values(), variance: variance.values() };
}
