import { instanceFromRawTensors, type InstanceFromTensorsOptions, rawToFloat32, type RawTensor } from '@netspace/formats';
import { type Architecture, type Instance, NetSpaceError, parameterCount } from '@netspace/prep';
import { architectureByName, siren } from '@netspace/zoo';

import { isOnnxName } from '../architectures/architectures-in.js';
import { FLAT } from './inr2vec.js';

/** How somebody writes a SIREN. */
export interface SirenConvention {
  readonly name: string;
  /** Layer `i` of a parameter's name, and which of the two it is. */
  readonly pattern: RegExp;
  /** What is added to the output by the class, not by the weights. */
  readonly outputShift: number;
}

/** Theirs cannot be told apart from weights: the names of the class's parameters do. */
const CONVENTIONS: readonly SirenConvention[] = [
  { name: "DWSNets' INR", pattern: /^seq\.(\d+)\.(weight|bias)$/, outputShift: 0.5 },
  { name: "NFN's Siren", pattern: /^net\.(\d+)\.(?:linear\.)?(weight|bias)$/, outputShift: 0 },
  { name: 'a SIREN', pattern: /^mlp\.(\d+)\.(weight|bias)$/, outputShift: 0 },
];

/** What an import is told of SIRENs. */
export interface SirenOptions {
  readonly omega?: number | undefined;
  readonly outputShift?: number | undefined;
}

/** A SIREN with the weights of somebody's file, and what was taken for granted. */
export interface ReadSiren {
  readonly architecture: Architecture;
  readonly tensors: ReadonlyMap<string, RawTensor>;
  readonly said: string;
}

/**
 * Takes tensors for a SIREN, if their names and shapes are those of one: sizes come from the weights, the frequency and what is added to the output
 * from the class that has such names, unless told otherwise. An addition goes into the last bias.
 */
export function sirenOf(tensors: ReadonlyMap<string, RawTensor>, { omega = 30, outputShift }: SirenOptions): ReadSiren | undefined {
  const convention = CONVENTIONS.find(({ pattern }) => [...tensors.keys()].every((name) => pattern.test(name)));
  if (convention === undefined || tensors.size === 0) return undefined;
  if (convention.name === "NFN's Siren") refuseSineAtTheEnd(tensors);
  const layers = new Map<number, Map<string, RawTensor>>();
  for (const [name, raw] of tensors) {
    const [, i, kind] = convention.pattern.exec(name)!;
    layers.set(Number(i), (layers.get(Number(i)) ?? new Map<string, RawTensor>()).set(kind!, raw));
  }
  const inOrder = [...layers].toSorted(([a], [b]) => a - b).map(([, layer]) => layer);
  const shapes = inOrder.map((layer) => layer.get('weight')?.shape ?? []);
  const [hidden, inputs] = shapes[0]!;
  const outputs = shapes.at(-1)![0];
  const isSiren =
    shapes.length >= 2 &&
    shapes.every(
      (shape, i) => shape.length === 2 && (i === 0 || shape[1] === hidden) && (i === shapes.length - 1 || shape[0] === hidden),
    ) &&
    inOrder.every((layer, i) => layer.get('bias')?.shape.length === 1 && layer.get('bias')!.shape[0] === shapes[i]![0]);
  if (!isSiren) return undefined;
  const architecture = siren({ inputs: inputs!, hidden: hidden!, layers: shapes.length - 2, outputs: outputs!, omega });
  const shift = outputShift ?? convention.outputShift;
  const renamed = new Map<string, RawTensor>();
  for (const [i, layer] of inOrder.entries()) {
    renamed.set(`mlp.${2 * i}.weight`, layer.get('weight')!);
    renamed.set(`mlp.${2 * i}.bias`, i === inOrder.length - 1 ? shifted(layer.get('bias')!, shift) : layer.get('bias')!);
  }
  return { architecture, tensors: renamed, said: saying(convention.name, omega, shift) };
}

const saying = (what: string, omega: number | undefined, shift: number): string =>
  `taken for ${what}: ${omega === undefined ? '' : `ω₀ = ${omega} in every sine, `}${shift === 0 ? 'nothing' : shift} added to the output${shift === 0 ? '' : ', which is in the last bias now'}`;

/** All parameters in one row, for an architecture; for none, the SIREN of three coordinates and one value that has so many. */
export function fromRow(
  tensors: ReadonlyMap<string, RawTensor>,
  wanted: Architecture | undefined,
  { omega: given, outputShift = 0 }: SirenOptions,
): ReadSiren | undefined {
  const row = tensors.get(FLAT);
  if (row === undefined || tensors.size !== 1) return undefined;
  if (wanted !== undefined && isOnnxName(wanted.name)) {
    throw new NetSpaceError('UNSUPPORTED', `zoo import: expected tensors by name for ${wanted.name}, got all numbers in one row, whose order its graph does not say; save state dicts`); // prettier-ignore
  }
  const numbers = rawToFloat32(row);
  const architecture = wanted ?? sirenOfCount(numbers.length, given ?? 30);
  const omega = omegaOf(architecture);
  if (given !== undefined && given !== omega) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `zoo import: expected --omega and --architecture to say the same, got ${given} and ${architecture.name}${omega === undefined ? ', which has no sines' : `, whose ω₀ is ${omega}`}; leave out one of them`,
    );
  }
  const count = parameterCount(architecture.parameters);
  if (count !== numbers.length) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `zoo import: expected ${count} numbers for ${architecture.name}, got ${numbers.length}; name the architecture that has so many`,
    );
  }
  let at = 0;
  const cut = new Map(
    architecture.parameters.map(({ name, shape }): [string, RawTensor] => {
      const size = shape.reduce((product, side) => product * side, 1);
      return [name, { dtype: 'F32', shape, data: numbers.slice(at, (at += size)) }];
    }),
  );
  const last = architecture.parameters.at(-1)!.name;
  cut.set(last, shifted(cut.get(last)!, outputShift));
  return { architecture, tensors: cut, said: `${architecture.name}: ${saying('a SIREN', omega, outputShift).replace(/^.*?: /, '')}` };
}

/** Which ω₀ a SIREN's name says; undefined for what is no SIREN. */
export function omegaOf({ name }: Pick<Architecture, 'name'>): number | undefined {
  const found = /^siren-\d+-\d+x\d+-\d+(?:-omega(.+))?$/.exec(name);
  return found === null ? undefined : Number(found[1] ?? 30);
}

function sirenOfCount(count: number, omega: number): Architecture {
  const fitting: string[] = [];
  for (let layers = 0; layers <= 16; layers++) {
    // 4 h + layers (h² + h) + h + 1 = count
    const [a, b, c] = [layers, 5 + layers, 1 - count];
    const hidden = Math.round(a === 0 ? -c / b : (-b + Math.sqrt(b * b - 4 * a * c)) / (2 * a));
    if (hidden > 0 && a * hidden * hidden + b * hidden + c === 0)
      fitting.push(`siren-3-${hidden}x${layers}-1${omega === 30 ? '' : `-omega${omega}`}`);
  }
  if (fitting.length === 1) return architectureByName(fitting[0]!);
  throw new NetSpaceError('UNSUPPORTED', `zoo import: expected one SIREN of three coordinates and one value with ${count} numbers, got ${fitting.length === 0 ? 'none' : fitting.join(', ')}; say --architecture`); // prettier-ignore
}

function shifted(bias: RawTensor, shift: number): RawTensor {
  if (shift === 0) return bias;
  return { dtype: 'F32', shape: bias.shape, data: rawToFloat32(bias).map((value) => value + shift) };
}

/** Its last layer is a plain one, `net.2.weight`, or one with a sine, `net.2.linear.weight`, which ours has not. */
function refuseSineAtTheEnd(tensors: ReadonlyMap<string, RawTensor>): void {
  const numbers = [...tensors.keys()].map((name) => Number(/^net\.(\d+)\./.exec(name)?.[1]));
  const last = Math.max(...numbers);
  if (!tensors.has(`net.${last}.linear.weight`)) return;
  throw new NetSpaceError(
    'UNSUPPORTED',
    `zoo import: expected a SIREN whose last layer is linear, got a sine behind net.${last}, as without outermost_linear; our siren has none`,
  );
}

/** A network from tensors that were found: of the architecture that was named, or of a SIREN that fits. */
export function networkOf(
  tensors: ReadonlyMap<string, RawTensor>,
  {
    architecture,
    omega,
    outputShift,
    reading,
  }: SirenOptions & { readonly architecture: Architecture | undefined; readonly reading: InstanceFromTensorsOptions },
): { readonly instance: Instance; readonly said?: string } {
  const given = { omega, outputShift };
  const ofGraph = architecture !== undefined && isOnnxName(architecture.name); // names of tensors say nothing then
  const asSiren = fromRow(tensors, architecture, given) ?? (ofGraph ? undefined : sirenOf(tensors, given));
  if (asSiren !== undefined && (architecture === undefined || architecture.name === asSiren.architecture.name)) {
    return { instance: instanceFromRawTensors(asSiren.architecture, asSiren.tensors), said: asSiren.said };
  }
  if (architecture === undefined) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `zoo import: expected --architecture for networks that are no SIRENs by their names, got none; their tensors are ${[...tensors.keys()].slice(0, 4).join(', ')} …`,
    );
  }
  if (outputShift !== undefined || omega !== undefined) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `zoo import: expected --omega and --output-shift only for SIRENs that are told by their names, got ${architecture.name}; leave them out`,
    );
  }
  return { instance: instanceFromRawTensors(architecture, tensors, reading) };
}
