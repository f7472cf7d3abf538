import { type Call, int, ints, misfit, text, unsupported } from '../../run/call.js';
import { shapeOf, sizeOf, type Value } from '../../run/value.js';

/** How a window slides over the pixels of a value `[batch, channels, …pixels]`. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly (readonly [before: number, after: number])[];
  /** Of what comes out. */
  readonly pixels: readonly number[];
}

/** An axis may become so many times as long as its image and kernel together before what it takes is counted. */
const FAR = 16;

/** Counts what a window takes of memory if a file makes it reach far beyond its image. */
export function checkLengths(
  call: Call,
  { sides, kernel, lengths, others }: { readonly sides: readonly number[]; readonly kernel: readonly number[]; readonly lengths: readonly number[]; readonly others: number }, // prettier-ignore
): void {
  if (lengths.every((length, i) => length <= FAR * (sides[i]! + kernel[i]!))) return;
  call.budget('valueSize', Math.max(others, 1) * sizeOf(lengths));
}

/** Reads `strides`, `dilations`, `pads` and `auto_pad`. */
export function windowOf(call: Call, x: Value, kernel: readonly number[]): Window {
  const sides = shapeOf(x).slice(2);
  const dims = sides.length;
  if (dims < 1 || dims > 3 || kernel.length !== dims) throw misfit(call, 'an input [batch, channels, …] of one to three further axes', [x]);
  const strides = ints(call, 'strides') ?? Array<number>(dims).fill(1);
  const dilations = ints(call, 'dilations') ?? Array<number>(dims).fill(1);
  const given = ints(call, 'pads') ?? Array<number>(2 * dims).fill(0);
  if (
    strides.length !== dims ||
    dilations.length !== dims ||
    given.length !== 2 * dims ||
    [...strides, ...dilations].some((n) => !(n >= 1))
  ) {
    throw misfit(call, `strides, dilations and pads of ${dims} axes`, [x]);
  }
  const auto = text(call, 'auto_pad', 'NOTSET');
  const reach = kernel.map((side, i) => (side - 1) * dilations[i]! + 1);
  const pads = sides.map((side, i): [number, number] => {
    if (auto === 'NOTSET') return [given[i]!, given[i + dims]!];
    if (auto === 'VALID') return [0, 0];
    if (auto !== 'SAME_UPPER' && auto !== 'SAME_LOWER') throw unsupported(call, 'a known auto_pad', auto, 'write pads');
    const total = Math.max(0, (Math.ceil(side / strides[i]!) - 1) * strides[i]! + reach[i]! - side);
    const small = Math.floor(total / 2);
    return auto === 'SAME_UPPER' ? [small, total - small] : [total - small, small];
  });
  if (pads.flat().some((pad) => pad < 0)) throw unsupported(call, 'pads from 0 up', `[${pads}]`, 'cut the input with Slice');
  const up = int(call, 'ceil_mode', 0) === 1 && auto === 'NOTSET';
  const pixels = sides.map((side, i) => {
    const steps = (side + pads[i]![0] + pads[i]![1] - reach[i]!) / strides[i]!;
    const count = (up ? Math.ceil(steps) : Math.floor(steps)) + 1;
    // A window that begins in the padding behind the input is left out.
    return up && (count - 1) * strides[i]! >= side + pads[i]![0] ? count - 1 : count;
  });
  if (pixels.some((count) => count < 1)) throw misfit(call, `an input of at least [${reach}] pixels`, [x]);
  const lengths = sides.map((side, i) => side + pads[i]![0] + pads[i]![1] + Math.max(strides[i]!, dilations[i]!));
  checkLengths(call, { sides, kernel, lengths, others: sizeOf(shapeOf(x).slice(0, 2)) });
  return { kernel, strides, dilations, pads, pixels };
}
