import { NetSpaceError, type Architecture } from '@netspace/prep';
import { structureOf } from '../checkpoint-tensors.js';
import { brief } from '../pytorch/limits.js';
import type { RawTensor, RawTensorDtype } from '../raw-tensor.js';
import { fitUnder, prefixesOf, type Fit } from './fit.js';
import { matchesAny, type NamePattern } from './patterns.js';
import type { WeightSource } from './weight-source.js';

export interface FindNetworkOptions {
  readonly ignore: readonly NamePattern[];
  readonly prefix: string | undefined;
  readonly epsilon: number | undefined;
}

/**
 * Finds the one place in a file where all parameters of a network are: under the prefix of a wrapper, in a dict within dicts, or at the
 * top.
 *
 * @throws NetSpaceError `NOT_FOUND`, `SHAPE_MISMATCH` if there is none, `INVALID_OPTION` if there are several, `UNSUPPORTED` if the
 *   network has tensors that the architecture does not know
 */
export function findNetwork(
  caller: string,
  architecture: Architecture,
  tensors: ReadonlyMap<string, RawTensor>,
  sources: ReadonlyMap<string, WeightSource>,
  { ignore, prefix, epsilon }: FindNetworkOptions,
): Fit {
  const prefixes = prefix === undefined ? [...prefixesOf(architecture, sources.keys())] : [prefix];
  const candidates = (prefixes.length === 0 ? [''] : prefixes).map((start) => fitUnder(start, architecture, sources, epsilon));
  const fitting = candidates.filter(({ misfit }) => misfit === undefined);
  const [chosen, ...others] = fitting;
  if (chosen === undefined) throw explainMisfit(caller, architecture, tensors, candidates);
  const different = others.filter((other) => !sameValues(chosen, other));
  if (different.length > 0) {
    const list = fitting.map((fit) => `'${brief(fit.prefix)}'`).join(', ');
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${caller}: expected ${architecture.name} once in the file, got it under ${list} with different values; say which with prefix`,
    );
  }
  const left = prefix === undefined ? leftOver([chosen, ...others], sources, ignore) : leftOverUnder(chosen, sources, ignore);
  if (left.length > 0) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `${caller}: expected only the parameters of ${architecture.name}, got ${left.length} tensors more: ${listed(left)}; ${unlistedNorms(architecture, left, chosen.prefix) ?? 'this may be another network; if the other tensors do not matter, name them in ignore'}`,
    );
  }
  return chosen;
}

/** Tensors that are no parameters. PyTorch counts batches in norms and averaged models. */
const COUNTERS = /(^|\.)(num_batches_tracked|n_averaged)$/;

/** Tensors that a reader need not understand as long as no network needs them. */
const LEFT_ASIDE: ReadonlySet<RawTensorDtype> = new Set<RawTensorDtype>(['C64']);

function leftOver(fits: readonly Fit[], sources: ReadonlyMap<string, WeightSource>, ignore: readonly NamePattern[]): string[] {
  const used = new Set(fits.flatMap((fit) => fit.used.map(({ name }) => name)));
  const containers = new Set(fits.flatMap((fit) => fit.used.map(({ container }) => container)));
  const within = ({ name, container }: WeightSource): boolean =>
    containers.has(container) || fits.some(({ prefix }) => prefix !== '' && name.startsWith(prefix));
  return remaining([...sources.values()].filter(within), used, ignore);
}

/** A caller who names a prefix says that the rest of the file does not matter. */
function leftOverUnder({ prefix, used }: Fit, sources: ReadonlyMap<string, WeightSource>, ignore: readonly NamePattern[]): string[] {
  const inside = [...sources.values()].filter(({ name }) => name.startsWith(prefix));
  return remaining(inside, new Set(used.map(({ name }) => name)), ignore);
}

const remaining = (sources: readonly WeightSource[], used: ReadonlySet<string>, ignore: readonly NamePattern[]): string[] =>
  sources
    .filter(({ name, raw }) => !used.has(name) && !COUNTERS.test(name) && !(raw !== undefined && LEFT_ASIDE.has(raw.dtype)))
    .map(({ name }) => name)
    .filter((name) => !matchesAny(name, ignore));

function sameValues(one: Fit, other: Fit): boolean {
  return one.used.length === other.used.length && one.used.every((source, i) => same(source, other.used[i]!));
}

/**
 * Compares tensors of the file by their bytes, without converting them to numbers. Weights that are made of several tensors are compared by
 * their numbers.
 */
function same(one: WeightSource, other: WeightSource): boolean {
  if (one.raw === undefined || other.raw === undefined) return sameNumbers(one.values(), other.values());
  if (one.raw.dtype !== other.raw.dtype || one.raw.data.byteLength !== other.raw.data.byteLength) return false;
  const bytes = ({ data }: RawTensor) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return one.raw === other.raw || sameNumbers(bytes(one.raw), bytes(other.raw));
}

const sameNumbers = (
  one: ReturnType<WeightSource['values']> | Uint8Array,
  other: ReturnType<WeightSource['values']> | Uint8Array,
): boolean => one.length === other.length && one.every((value, i) => value === other[i]);

function explainMisfit(
  caller: string,
  architecture: Architecture,
  tensors: ReadonlyMap<string, RawTensor>,
  candidates: readonly Fit[],
): NetSpaceError {
  const best = candidates.reduce((a, b) => (b.count > a.count ? b : a));
  const { prefix, misfit } = best;
  const { leftAside } = structureOf(tensors);
  const under = prefix === '' ? '' : ` under '${brief(prefix)}'`;
  if (misfit !== undefined && 'misshapen' in misfit) {
    return new NetSpaceError(
      'SHAPE_MISMATCH',
      `${caller}: expected ${brief(misfit.misshapen.name)} of ${architecture.name} as [${misfit.expected}], got [${misfit.misshapen.shape}]; is it another architecture's file?`,
    );
  }
  const missing = misfit === undefined ? '' : misfit.missing;
  const aside = leftAside.get(prefix + missing);
  if (aside !== undefined) {
    return new NetSpaceError(
      'UNSUPPORTED',
      `${caller}: expected values in ${brief(prefix + missing)} of ${architecture.name}, got ${aside}; save it as a plain tensor`,
    );
  }
  if (isProbe(tensors)) {
    return new NetSpaceError(
      'NOT_FOUND',
      `${caller}: expected a network of ${architecture.name}, got a probe: a file of input and output, as netspace_zoo.save_probe writes it; name a checkpoint, and keep probes out of folders of networks`,
    );
  }
  const others = [...tensors.keys(), ...[...leftAside].map(([name, what]) => `${name} (${what})`)];
  return new NetSpaceError(
    'NOT_FOUND',
    `${caller}: expected a tensor ${missing} for ${architecture.name}${under}, got ${others.length} others (${listed(others)}); ${unlistedNorms(architecture, tensors.keys(), prefix) ?? 'give them its names with rename'}`,
  );
}

const isProbe = (tensors: ReadonlyMap<string, RawTensor>): boolean => tensors.size === 2 && tensors.has('input') && tensors.has('output');

/** What to do about batch norms of the file that the architecture does not list: without them no layer of it is what it was. */
function unlistedNorms({ name, batchNorms = [] }: Architecture, names: Iterable<string>, prefix: string): string | undefined {
  const known = batchNorms.map(({ norm }) => norm);
  const strange = [...names]
    .filter((one) => one.startsWith(prefix) && one.endsWith('.running_mean'))
    .map((one) => one.slice(prefix.length, -'.running_mean'.length))
    .filter((norm) => !known.includes(norm));
  if (strange.length === 0) return undefined;
  if (known.length === 0 && /^onnx-/.test(name)) {
    return `the file has batch norms (${listed(strange)}) and the ONNX file of ${name} none, because its exporter folded them: export it again with training=torch.onnx.TrainingMode.PRESERVE and do_constant_folding=False`;
  }
  const has = known.length === 0 ? 'lists none' : `lists others (${listed(known)})`;
  const rename = known.length === 0 ? '' : ', or give them the names that it lists with rename';
  return `the file has batch norms (${listed(strange)}) and ${name} ${has}: list each in batchNorms of the architecture, with weight, bias, convolution and norm${rename}`;
}

const listed = (names: readonly string[]): string =>
  names.slice(0, 8).map(brief).join(', ') + (names.length > 8 ? `, … (${names.length})` : '');
