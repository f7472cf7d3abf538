import { Matrix, SVD } from 'ml-matrix';
import MultivariateLinearRegression from 'ml-regression-multivariate-linear';

/** Rows are networks. */
export type Rows = readonly (readonly number[])[];

/** How well a quantity is read off features by linear regression, on networks that neither regression nor features have seen. */
export interface Readout {
  /** 1 - residual over total sum of squares about the held-out mean; at most 1, negative if worse than that mean. */
  readonly r2: number;
  /** The same, cross-validated over the networks that the regression learned from. */
  readonly crossValidated: number;
  /** Principal components of the features that the regression uses, chosen by cross-validation. */
  readonly components: number;
  readonly predicted: readonly number[];
}

const FOLDS = 6;
const COMPONENTS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];

/**
 * Principal-component regression: features are standardised and projected on as many of their leading components as predict best in a
 * cross-validation of the training rows. There are fewer networks than features: without this the regression would fit anything.
 */
export function readOut(
  train: { readonly x: Rows; readonly y: readonly number[] },
  test: { readonly x: Rows; readonly y: readonly number[] },
): Readout {
  const folds = Array.from({ length: Math.min(FOLDS, train.y.length) }, (_, fold, all = Math.min(FOLDS, train.y.length)) =>
    train.y.map((_value, i) => i % all === fold),
  );
  const scores = COMPONENTS.map((components) => {
    const predicted = Array<number>(train.y.length);
    for (const fold of folds) {
      const [inside, outside] = [pick(train.x, fold, false), pick(train.x, fold, true)];
      const values = fit(
        inside,
        train.y.filter((_, i) => !fold[i]),
        components,
      )(outside);
      let at = 0;
      fold.forEach((out, i) => out && (predicted[i] = values[at++]!));
    }
    return { components, r2: determination(train.y, predicted) };
  });
  const best = scores.reduce((a, b) => (b.r2 > a.r2 ? b : a));
  const predicted = fit(train.x, train.y, best.components)(test.x);
  return { r2: determination(test.y, predicted), crossValidated: best.r2, components: best.components, predicted };
}

/** R², the coefficient of determination. */
export function determination(truth: readonly number[], predicted: readonly number[]): number {
  const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
  const squares = (values: readonly number[]): number => values.reduce((sum, value) => sum + value ** 2, 0);
  return 1 - squares(truth.map((value, i) => value - predicted[i]!)) / squares(truth.map((value) => value - mean));
}

function fit(x: Rows, y: readonly number[], components: number): (rows: Rows) => number[] {
  const matrix = new Matrix(x.map((row) => [...row]));
  const means = matrix.mean('column');
  const deviations = matrix.standardDeviation('column').map((value) => (value > 1e-12 ? value : Infinity)); // constant features say nothing
  const standardised = (rows: Rows): Matrix => new Matrix(rows.map((row) => row.map((value, i) => (value - means[i]!) / deviations[i]!)));
  const own = standardised(x);
  const { leftSingularVectors: vectors } = new SVD(own.transpose(), { autoTranspose: true });
  const count = Math.max(1, Math.min(components, x.length - 2, vectors.columns));
  const axes = vectors.subMatrix(0, vectors.rows - 1, 0, count - 1);
  const regression = new MultivariateLinearRegression(own.mmul(axes), Matrix.columnVector([...y]));
  return (rows) => regression.predict(standardised(rows).mmul(axes)).to1DArray();
}

const pick = (rows: Rows, fold: readonly boolean[], wanted: boolean): Rows => rows.filter((_, i) => fold[i] === wanted);
