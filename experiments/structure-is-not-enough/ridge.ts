import { Matrix, solve } from 'ml-matrix';

import { determination, type Rows } from '../shared/results/regression.js';

const FOLDS = 6;
const STRENGTHS = [-3, -2, -1, 0, 1, 2].map((power) => 10 ** power);

export interface RidgeSample {
  /** A row of features a sample. */
  readonly x: Rows;
  readonly y: readonly number[];
}

export interface RidgeFit {
  /** R² on the test rows, about their own mean; at most 1, negative if worse than that mean. */
  readonly r2: number;
  /** R² of the cross-validation that chose the strength. */
  readonly crossValidated: number;
  /** λ, as a share of the number of features. */
  readonly strength: number;
}

/**
 * Ridge regression on standardised features. λ is chosen by cross-validation; samples of one group stay together in it.
 *
 * @param groups of the training rows: snapshots of one network are no independent samples
 */
export function ridge(train: RidgeSample & { readonly groups: readonly string[] }, test: RidgeSample): RidgeFit {
  const names = [...new Set(train.groups)];
  const fold = train.groups.map((group) => names.indexOf(group) % FOLDS);
  const guesses = STRENGTHS.map(() => Array<number>(train.y.length).fill(0));
  for (let out = 0; out < Math.min(FOLDS, names.length); out++) {
    const [inside, outside] = [rowsOf(train, fold.map((one) => one !== out)), rowsOf(train, fold.map((one) => one === out))]; // prettier-ignore
    const predict = fitted(inside, outside.x);
    STRENGTHS.forEach((strength, s) => {
      const values = predict(strength);
      outside.places.forEach((place, i) => (guesses[s]![place] = values[i]!));
    });
  }
  const scores = guesses.map((guess) => determination(train.y, guess));
  const crossValidated = Math.max(...scores);
  const strength = STRENGTHS[scores.indexOf(crossValidated)]!;
  return { r2: determination(test.y, fitted(train, test.x)(strength)), crossValidated, strength };
}

/** Predicts rows by the dual form, whose matrix has a row a sample: there are more features than samples. */
function fitted({ x, y }: RidgeSample, rows: Rows): (strength: number) => number[] {
  const matrix = new Matrix(x.map((row) => [...row]));
  const means = matrix.mean('column');
  const deviations = matrix.standardDeviation('column').map((value) => (value > 1e-12 ? value : Infinity)); // constant features say nothing
  const standardised = (given: Rows): Matrix => new Matrix(given.map((row) => row.map((value, i) => (value - means[i]!) / deviations[i]!)));
  const own = standardised(x);
  const products = own.mmul(own.transpose()).div(means.length);
  const across = standardised(rows).mmul(own.transpose()).div(means.length);
  const middle = y.reduce((sum, value) => sum + value, 0) / y.length;
  const centered = Matrix.columnVector(y.map((value) => value - middle));
  return (strength) => {
    const weights = solve(Matrix.add(products, Matrix.eye(y.length).mul(strength)), centered);
    return across.mmul(weights).to1DArray().map((value) => value + middle); // prettier-ignore
  };
}

function rowsOf({ x, y }: RidgeSample, wanted: readonly boolean[]): RidgeSample & { readonly places: readonly number[] } {
  const places = [...wanted.keys()].filter((i) => wanted[i]);
  return { x: places.map((i) => x[i]!), y: places.map((i) => y[i]!), places };
}
