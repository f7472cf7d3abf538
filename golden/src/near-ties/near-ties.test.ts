import type { RawTensor } from '@netspace/formats';
import { describe, expect, it } from 'vitest';

import { generate } from '../procedural.js';
import { encodeInDouble } from './encoder-ties.js';
import { explainMisses, type Compared } from './explain.js';
import type { Move, Tie } from './tie.js';

const SIZES: readonly [name: string, shape: readonly number[]][] = [
  ['conv1.0', [2, 1, 1, 3]],
  ['conv2.0', [4, 2, 1, 3]],
  ['conv3.0', [6, 4, 3, 1]],
  ['conv4.0', [8, 6, 3, 1]],
];
const weights = new Map<string, RawTensor>(
  SIZES.flatMap(([name, shape], i) => [
    [`${name}.weight`, generate({ shape, seed: 77 * (i + 1), scale: 2 })],
    [`${name}.bias`, generate({ shape: [shape[0]!], seed: 991 * (i + 1), scale: 2 })],
  ]),
);
const prep = generate({ shape: [3 * 14], seed: 5, scale: 3 }).data as Float32Array;
const gradient = generate({ shape: [8], seed: 6, scale: 2 }).data as Float32Array;

/** The encoder with one number of one parameter changed, in double precision. */
const changed = (name: string, index: number, by: number) => {
  const values = Float64Array.from(weights.get(name)!.data as Float32Array, (value, i) => (i === index ? value + by : value));
  return encodeInDouble(new Map(weights).set(name, { ...weights.get(name)!, data: values as never }), prep, [3, 14]);
};
const loss = (embedding: Float64Array): number => embedding.reduce((sum, value, i) => sum + value * gradient[i]!, 0);
const gradients = (encoded: ReturnType<typeof changed>): Move => {
  const move: Move = new Map();
  encoded.addParameters(move, gradient);
  return move;
};

describe('encodeInDouble', () => {
  it('has the gradients that finite differences have', () => {
    const move = gradients(changed('conv1.0.bias', 0, 0));
    for (const [name, { data }] of weights) {
      const numeric = Array.from(
        data as Float32Array,
        (_, i) => (loss(changed(name, i, 1e-6).embedding) - loss(changed(name, i, -1e-6).embedding)) / 2e-6,
      );
      const got = move.get(`encoder/${name}`)!;
      numeric.forEach((value, i) => expect(got[i], `${name}[${i}]`).toBeCloseTo(value, 6));
    }
  });

  // The parameter is moved until something is undecided: the gradients on both sides then differ by one tie's move.
  it.each([
    ['conv3.0.bias', 2],
    ['conv2.0.bias', 1],
    ['conv1.0.bias', 1],
    ['conv2.0.weight', 9],
    ['conv4.0.weight', 30],
  ])('finds what is undecided as %s[%i] moves, and what that moves', (name, index) => {
    let found = 0;
    for (const [low, high] of jumps((by) => [...gradients(changed(name, index, by)).values()].flatMap((values) => [...values]))) {
      const middle = changed(name, index, (low + high) / 2);
      const [before, after] = [gradients(changed(name, index, low)), gradients(changed(name, index, high))];
      const moves = middle.ties(gradient).map((tie) => tie.move());
      const isJump = (move: Move, sign: number): boolean =>
        [...before].every(([key, values]) =>
          values.every((value, i) => Math.abs(after.get(key)![i]! - value - sign * (move.get(key)?.[i] ?? 0)) < 1e-4),
        );
      expect(moves.some((move) => isJump(move, 1) || isJump(move, -1)), `at ${low}`).toBe(true); // prettier-ignore
      found++;
    }
    expect(found).toBeGreaterThan(0);
  });
});

/** Where gradients jump while a parameter moves by −2 to 2: the two sides, 1e-7 from each other. */
function* jumps(at: (by: number) => number[]): Generator<readonly [number, number]> {
  const distance = (a: number[], b: number[]): number => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
  let seen = 0;
  for (let by = -2; by < 2 && seen < 3; by += 0.05) {
    let [low, high] = [by, by + 0.05];
    while (high - low > 1e-7) {
      const middle = (low + high) / 2;
      if (distance(at(low), at(middle)) > distance(at(middle), at(high))) high = middle;
      else low = middle;
    }
    if (distance(at(low), at(high)) < 1e-3) continue;
    seen++;
    yield [low, high];
  }
}

describe('explainMisses', () => {
  const tie = (name: string, values: readonly number[], distance = 1e-7): Tie => ({
    ...{ name, distance },
    move: () => new Map([['embedding', Float64Array.from(values)]]),
  });
  const ties = [tie('a', [0.2, -0.1, 0, 0]), tie('b', [0, 0, 0.3, 0.3]), tie('far', [0.2005, -0.1, 0, 0], 3e-6)];
  const explain = (expected: readonly number[]) => {
    const compared: Compared = {
      ...{ name: 'g', key: 'embedding', got: [1, 1, 1, 1], tolerance: 1e-3 },
      expectation: { kind: 'whole', shape: [4], values: expected },
    };
    const { turned, gradients: explained, excused } = explainMisses([compared], ties);
    return { turned: turned.map(({ name }) => name), gradient: [...(explained.get('g') as Float64Array)], excused };
  };

  it('turns the one that causes them, forwards or backwards', () => {
    expect(explain([1.2, 0.9, 1, 1])).toEqual({ turned: ['a'], gradient: [1.2, 0.9, 1, 1], excused: 2 });
    expect(explain([1, 1, 0.7, 0.7])).toEqual({ turned: ['b'], gradient: [1, 1, 0.7, 0.7], excused: 2 });
    expect(explain([1, 1, 1, 1])).toEqual({ turned: [], gradient: [1, 1, 1, 1], excused: 0 });
  });
  it('turns the nearest that suffices, though one further off fits better', () => {
    expect(explain([1.2005, 0.9, 1, 1])).toMatchObject({ turned: ['a'], excused: 2 });
    expect(explain([1.205, 0.9, 1, 1])).toMatchObject({ turned: expect.arrayContaining(['far']) as string[] });
  });
  it('leaves an error an error, however near a tie is', () => {
    expect(explain([1.2, 1.1, 1, 1]).gradient).not.toEqual([1.2, 1.1, 1, 1]);
    expect(explain([1, 1, 1.3, 1])).toMatchObject({ excused: 0 });
  });
});
