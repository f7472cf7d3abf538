import {
  absVector,
  add,
  addIntegers,
  addVector,
  andVector,
  anyBit,
  code,
  type Code,
  compareVectors,
  constantVector,
  equalIntegers,
  forRange,
  type FunctionSpec,
  get,
  i32,
  loadVector,
  mulVector,
  nearestVector,
  orNot,
  selectBits,
  set,
  shiftLeft,
  splatInteger,
  storeVector,
  subVector,
  toIntegers,
  xorVector,
} from '../assembler.js';

/** Beyond this angle the quarter turns are no longer subtracted exactly. */
export const LARGEST_ANGLE = 8192;

/**
 * `y = sin x` or `y = cos x` of floats, four at a time; returns 1 if an angle was too large or not finite; its value is then meaningless.
 * All addresses are bytes.
 */
export type Sine = (x: number, y: number, bytes: number) => number;

/** `π / 2` in three parts: of the first two, products with whole numbers below 8192 are exact. */
const QUARTER = [1.5703125, 4.837512969970703125e-4, 7.54978995489188216e-8] as const;
/** Coefficients of the sine and the cosine between -π/4 and π/4, from Cephes' `sinf` (Moshier), from the highest power of r² down. */
const SINE = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1] as const;
const COSINE = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2] as const;

const [x, y, bytes, at, angle, turns, quarter, square, sine, cosine, strange] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

const polynomial = (factors: readonly number[], of: Code): Code =>
  factors.slice(1).reduce<Code>((sum, factor) => addVector(mulVector(sum, of), constantVector(factor)), constantVector(factors[0]!));

/** Subtracts quarter turns, then evaluates a polynomial of the rest. With `quarters` more turns the sine becomes a cosine. */
const loop = (name: string, quarters: number): FunctionSpec => ({
  name,
  params: 3,
  ints: 1,
  vectors: 7,
  result: true,
  body: code(
    forRange(
      at,
      i32(0),
      get(bytes),
      i32(16),
      code(
        set(angle, loadVector(add(get(x), get(at)))),
        // A comparison with NaN is false, so an angle that does not compare as small is not handled here.
        set(strange, orNot(get(strange), compareVectors('Less', absVector(get(angle)), constantVector(LARGEST_ANGLE)))),
        set(turns, nearestVector(mulVector(get(angle), constantVector(2 / Math.PI)))),
        ...QUARTER.map((part) => set(angle, subVector(get(angle), mulVector(get(turns), constantVector(part))))),
        set(quarter, addIntegers(toIntegers(get(turns)), splatInteger(quarters))),
        set(square, mulVector(get(angle), get(angle))),
        set(sine, addVector(get(angle), mulVector(mulVector(get(angle), get(square)), polynomial(SINE, get(square))))),
        set(
          cosine,
          addVector(
            subVector(constantVector(1), mulVector(get(square), constantVector(0.5))),
            mulVector(mulVector(get(square), get(square)), polynomial(COSINE, get(square))),
          ),
        ),
        storeVector(
          add(get(y), get(at)),
          xorVector(
            selectBits(get(sine), get(cosine), equalIntegers(andVector(get(quarter), splatInteger(1)), splatInteger(0))),
            shiftLeft(andVector(get(quarter), splatInteger(2)), 30), // the sign bit
          ),
        ),
      ),
    ),
    anyBit(get(strange)),
  ),
});

export const sineLoops: readonly FunctionSpec[] = [loop('sin', 0), loop('cos', 1)];
