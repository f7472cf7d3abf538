import { leaf } from '../axis.js';
import { broadcast, fix, FIXED, type Label, labelOf, type Meeting, rootOf, type Shift, type Sign, signsAfter, tie } from '../label.js';
import { type DataType, enterSine, loseShifts, type Rule, type Tracing } from '../tracing.js';

/** f(−x) = −f(x) */
const ODD = 'Identity Neg Sin Tan Asin Atan Sinh Asinh Atanh Tanh Erf Sign Reciprocal';
/** f(−x) = f(x) */
const EVEN = 'Abs Square Cos Cosh';
const NEITHER = `Acos Acosh Ceil ClipByValue Elu Exp Expm1 Floor IsFinite IsInf IsNan LeakyRelu Log Log1p LogicalNot Relu Relu6 Round Rsqrt Selu
  Sigmoid Softplus Sqrt Step Softmax LogSoftmax`;
const OF_SEVERAL = `Atan2 Equal FloorDiv Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr LogicalXor Maximum Minimum Mod NotEqual Pow Prelu
  SquaredDifference Select BitwiseAnd FusedBatchNorm`;
const BOOLEAN = 'Equal NotEqual Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr LogicalXor LogicalNot IsFinite IsInf IsNan';

/** Operations on one number at a time, and on several that meet in one place. */
export const elementwiseRules = (): Readonly<Record<string, Rule>> => ({
  ...rules(ODD, ({ kernel, list: [x], tracing }) => ({
    ...labelOf(x!.axes, x!.dtype, signsAfter(x!, true)),
    ...carried(kernel, x!, tracing),
  })),
  ...rules('Cast', ({ kernel, list: [x], attributes, tracing }) => {
    const dtype = attributes['dtype'] as DataType;
    if (dtype === 'float32') return { ...labelOf(x!.axes, dtype, signsAfter(x!, true)), ...carried(kernel, x!, tracing) };
    loseShifts(tracing, [x!]); // whole numbers have no phase, and whether something is 0 no sign
    return labelOf(x!.axes, dtype, signsAfter(x!, false));
  }),
  ...rules(EVEN, ({ kernel, list: [x], tracing }) => ({ ...labelOf(x!.axes, x!.dtype), ...carried(kernel, x!, tracing) })),
  ...rules(NEITHER, ({ kernel, list: [x], tracing }) => {
    loseShifts(tracing, [x!]);
    return labelOf(x!.axes, names(BOOLEAN).includes(kernel) ? 'bool' : x!.dtype, signsAfter(x!, false));
  }),
  ...rules(OF_SEVERAL, ({ kernel, list, tracing }) => {
    loseShifts(tracing, list);
    const { axes } = broadcast(list);
    for (const label of list) signsAfter(label, false);
    return labelOf(axes, names(BOOLEAN).includes(kernel) ? 'bool' : list.at(-1)!.dtype);
  }),
  ...rules('OnesLike ZerosLike', ({ list: [x] }) =>
    labelOf(
      x!.axes.map(({ size }) => leaf(size)),
      x!.dtype,
    ),
  ),
  ...rules('Add AddN Sub', ({ kernel, list, tracing }) => added(list, tracing, kernel === 'Sub')),
  ...rules('Multiply RealDiv', ({ kernel, list, tracing }) => multiplied(list, tracing, kernel)),
});

/** What an activation fused into a layer makes of the layer's sums. */
export function activated(sums: Label, activation: unknown, tracing: Tracing): Label {
  if (activation === undefined || activation === 'linear') return sums;
  loseShifts(tracing, [sums]);
  return labelOf(sums.axes, sums.dtype, signsAfter(sums, activation === 'tanh'));
}

/** Sums of tensors that meet number by number: a sign changes in all or in none. */
export function added(list: readonly Label[], tracing: Tracing, subtracted = false): Label {
  const { axes, meeting } = broadcast(list);
  const signs = axes.map(({ size }, i) => {
    const all = meeting[i]!;
    for (const { axis, sign } of all) tie(all[0]!.sign, axis.size === size ? sign : FIXED);
    return all.some(({ axis }) => axis.size !== size) ? fixed(all) : all[0]!.sign;
  });
  const shifts = list.flatMap((label, i) => (subtracted && i === 1 ? scaledShifts(label.shifts, -1) : label.shifts));
  const seen = new Set<number>();
  for (const { parameter } of shifts) {
    if (seen.has(parameter)) tracing.aperiodic.add(parameter);
    seen.add(parameter);
  }
  return { ...labelOf(axes, list[0]!.dtype, signs), shifts, ...(subtracted ? {} : biased(list, tracing)) };
}

/** Notes that a bias comes to the sums of a layer. */
function biased(list: readonly Label[], tracing: Tracing): Pick<Label, 'sums'> {
  const [layer, bias] = list[0]?.sums === undefined ? [list[1], list[0]] : [list[0], list[1]];
  if (list.length !== 2 || layer?.sums === undefined || bias?.isWhole !== true || bias.axes.length !== 1) return {};
  const place = layer.axes.length - 1;
  if (bias.axes[0]!.size !== layer.axes[place]!.size || layer.sums.bias !== undefined) return {};
  const sums = { ...layer.sums, bias: bias.parameter! };
  tracing.layers.push({ ...sums, call: tracing.calls, kernel: tracing.kernel, place });
  return { sums };
}

function multiplied(list: readonly Label[], tracing: Tracing, kernel: string): Label {
  const [a, b] = list as [Label, Label];
  const { axes, meeting } = broadcast(list);
  const signs = axes.map(({ size }, i): Sign => {
    const [first, second] = meeting[i] as [Meeting, Meeting];
    if (second.axis.size !== size || rootOf(second.sign).fixed) return first.axis.size === size ? first.sign : fixed(meeting[i]!);
    if (first.axis.size !== size || rootOf(first.sign).fixed) return second.sign;
    return fixed(meeting[i]!);
  });
  const label = labelOf(axes, a.dtype, signs);
  if (b.scalar !== undefined && b.scalar !== 0) {
    return { ...label, shifts: scaledShifts(a.shifts, kernel === 'RealDiv' ? 1 / b.scalar : b.scalar) };
  }
  if (a.scalar !== undefined && a.scalar !== 0 && kernel === 'Multiply') return { ...label, shifts: scaledShifts(b.shifts, a.scalar) };
  loseShifts(tracing, list);
  return label;
}

function fixed(meeting: readonly Meeting[]): Sign {
  fix(...meeting.map(({ sign }) => sign));
  return FIXED;
}

function carried(kernel: string, x: Label, tracing: Tracing): Pick<Label, 'shifts' | 'parameter' | 'isWhole' | 'sums'> {
  if (kernel === 'Identity' || kernel === 'Cast') return { shifts: x.shifts, parameter: x.parameter, isWhole: x.isWhole, sums: x.sums };
  if (kernel === 'Neg') return { shifts: scaledShifts(x.shifts, -1) };
  if (kernel === 'Sin' || kernel === 'Cos') enterSine(tracing, x.shifts);
  else loseShifts(tracing, [x]);
  return { shifts: [] };
}

const scaledShifts = (shifts: readonly Shift[], by: number): readonly Shift[] =>
  shifts.map(({ parameter, factor }) => ({ parameter, factor: factor * by }));

function names(text: string): readonly string[] {
  return text.split(/\s+/);
}

function rules(kernels: string, rule: Rule): Record<string, Rule> {
  return Object.fromEntries(names(kernels).map((kernel) => [kernel, rule]));
}
