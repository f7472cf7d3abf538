import {
  add,
  and,
  code,
  type Code,
  equal,
  forRange,
  type FunctionSpec,
  get,
  greaterOrEqual,
  i32,
  ifElse,
  loadFloat,
  loadInt,
  loadVector,
  min,
  mul,
  set,
  shuffle,
  storeFloat,
  storeVector,
  sub,
} from '../assembler.js';

const FLOAT = 4;
const INT = 4;
const VECTOR = 16;

/**
 * Packs `width` lines of an operand side by side, `target[k][line] = operand[lines[line] + steps[k]]`, for any layout in memory: lines and
 * steps are tables of byte offsets. Lines beyond `count` repeat the last one (their results are not written).
 *
 * Vector loads are used for lines that are neighbors in memory, with any steps. If `runs` says that steps come in runs of at least four
 * neighbors, they are also used to copy and transpose 4 × 4 blocks: four steps are neighbors if the last is three floats after the first.
 *
 * Parameters: target, operand, table of lines, table of steps, steps, lines (count), runs.
 */
export function packFunction(width: number): FunctionSpec {
  const [target, operand, lines, steps, length, count, runs] = [0, 1, 2, 3, 4, 5, 6] as const;
  const k = 7;
  const source = 8;
  const line = (i: number) => 9 + i;
  const firstVector = 9 + width;
  const row = (i: number) => firstVector + i;
  const mixed = (i: number) => firstVector + 4 + i;

  const lineAt = (i: number): Code => add(get(operand), loadInt(add(get(lines), mul(min(i32(i), sub(get(count), i32(1))), i32(INT)))));
  const stepAt = loadInt(add(get(steps), mul(get(k), i32(INT))));
  const lastOfFour = loadInt(add(get(steps), mul(min(add(get(k), i32(3)), sub(get(length), i32(1))), i32(INT))));
  const areFour = and(greaterOrEqual(get(length), add(get(k), i32(4))), equal(sub(lastOfFour, stepAt), i32(3 * FLOAT)));
  const advance = (amount: number) => set(target, add(get(target), i32(amount * width * FLOAT)));
  const scalars = (from: number) => Array.from({ length: width - from }, (_, i) => from + i);
  const wholeVectors = Array.from({ length: Math.floor(width / 4) }, (_, v) => v);

  const copyNeighbors = code(
    set(source, add(get(line(0)), stepAt)),
    ...wholeVectors.map((v) => storeVector(get(target), loadVector(get(source), v * VECTOR), v * VECTOR)),
    ...scalars(4 * wholeVectors.length).map((i) => storeFloat(get(target), loadFloat(get(source), i * FLOAT), i * FLOAT)),
    advance(1),
  );
  const copyScattered = code(
    set(source, stepAt),
    ...scalars(0).map((i) => storeFloat(get(target), loadFloat(add(get(line(i)), get(source))), i * FLOAT)),
    advance(1),
  );
  const transposeBlock = (v: number): Code =>
    code(
      ...[0, 1, 2, 3].map((i) => set(row(i), loadVector(add(get(line(4 * v + i)), get(source))))),
      set(mixed(0), shuffle(get(row(0)), get(row(1)), [0, 4, 1, 5])),
      set(mixed(1), shuffle(get(row(0)), get(row(1)), [2, 6, 3, 7])),
      set(mixed(2), shuffle(get(row(2)), get(row(3)), [0, 4, 1, 5])),
      set(mixed(3), shuffle(get(row(2)), get(row(3)), [2, 6, 3, 7])),
      ...[0, 1, 2, 3].map((step) => {
        const half = step < 2 ? [mixed(0), mixed(2)] : [mixed(1), mixed(3)];
        const lanes = step % 2 === 0 ? [0, 1, 4, 5] : [2, 3, 6, 7];
        return storeVector(get(target), shuffle(get(half[0]!), get(half[1]!), lanes), (step * width + 4 * v) * FLOAT);
      }),
    );
  const copyFourSteps = code(
    set(source, stepAt),
    ...wholeVectors.map(transposeBlock),
    ...scalars(4 * wholeVectors.length).flatMap((i) =>
      [0, 1, 2, 3].map((step) =>
        storeFloat(get(target), loadFloat(add(get(line(i)), get(source)), step * FLOAT), (step * width + i) * FLOAT),
      ),
    ),
    advance(4),
  );
  const areNeighbors = scalars(1)
    .map((i) => equal(sub(get(line(i)), get(line(i - 1))), i32(FLOAT)))
    .reduce(and);
  return {
    params: 7,
    ints: 2 + width,
    vectors: 8,
    body: code(
      ...scalars(0).map((i) => set(line(i), lineAt(i))),
      ifElse(
        areNeighbors,
        forRange(k, i32(0), get(length), i32(1), copyNeighbors),
        ifElse(
          get(runs),
          forRange(k, i32(0), get(length), i32(1), ifElse(areFour, code(copyFourSteps, set(k, add(get(k), i32(3)))), copyScattered)),
          forRange(k, i32(0), get(length), i32(1), copyScattered),
        ),
      ),
    ),
  };
}
