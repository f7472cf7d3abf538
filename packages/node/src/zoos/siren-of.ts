import { rawToFloat32, type RawTensor } from '@netspace/formats';
import { type Architecture, NetSpaceError } from '@netspace/prep';
import { siren } from '@netspace/zoo';

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
  refuseGaps(
    [...layers.keys()].toSorted((a, b) => a - b),
    [...tensors.keys()][0]!,
  );
  const architecture = siren({ inputs: inputs!, hidden: hidden!, layers: shapes.length - 2, outputs: outputs!, omega });
  const shift = outputShift ?? convention.outputShift;
  const renamed = new Map<string, RawTensor>();
  for (const [i, layer] of inOrder.entries()) {
    renamed.set(`mlp.${2 * i}.weight`, layer.get('weight')!);
    renamed.set(`mlp.${2 * i}.bias`, i === inOrder.length - 1 ? shifted(layer.get('bias')!, shift) : layer.get('bias')!);
  }
  return { architecture, tensors: renamed, said: saying(convention.name, omega, shift) };
}

/** Layers are numbered 0, 1, 2, …, or 0, 2, 4, … where sines have numbers of their own. */
function refuseGaps(numbers: readonly number[], example: string): void {
  const step = numbers[1]! - numbers[0]!;
  if (step <= 2 && numbers.every((number, i) => number === i * step)) return;
  throw new NetSpaceError(
    'CORRUPT_FILE',
    `zoo import: expected layers that are numbered 0, 1, 2, … or 0, 2, 4, …, as in ${example}, got ${numbers.join(', ').slice(0, 100)}: a layer is missing; save the network again`,
  );
}

/** What was taken for granted, as a sentence. */
export const saying = (what: string, omega: number | undefined, shift: number): string =>
  `taken for ${what}: ${omega === undefined ? '' : `ω₀ = ${omega} in every sine, `}${shift === 0 ? 'nothing' : shift} added to the output${shift === 0 ? '' : ', which is in the last bias now'}`;

/** A bias to which a number is added. */
export function shifted(bias: RawTensor, shift: number): RawTensor {
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

/** The ω₀ of an architecture, which an option must not contradict. */
export function agreedOmega(given: number | undefined, architecture: Architecture): number | undefined {
  const omega = omegaOf(architecture);
  if (given === undefined || given === omega) return omega;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `zoo import: expected --omega and --architecture to say the same, got ${given} and ${architecture.name}${omega === undefined ? ', which has no sines' : `, whose ω₀ is ${omega}`}; leave out one of them`,
  );
}

/** Which ω₀ a SIREN's name says; undefined for what is no SIREN. */
export function omegaOf({ name }: Pick<Architecture, 'name'>): number | undefined {
  const found = /^siren-\d+-\d+x\d+-\d+(?:-omega(.+))?$/.exec(name);
  return found === null ? undefined : Number(found[1] ?? 30);
}
