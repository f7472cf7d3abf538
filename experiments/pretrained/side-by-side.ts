import { compareAccuracies, type SpaceEvaluation } from '@netspace/explore';

/** Rows of a card's tables: what the space makes of encodings beside what it makes of refined ones. */
export interface SideBySide {
  /** One row a measure. */
  readonly summary: readonly Readonly<Record<string, string | number>>[];
  /** One row an architecture of a classifier; shapes have none. */
  readonly architectures: readonly Readonly<Record<string, string | number>>[];
  /** One row a network. */
  readonly instances: readonly Readonly<Record<string, string | number>>[];
}

/** A shape as `netspace evaluate` prints it. */
interface Shape {
  readonly name: string;
  readonly mse: number;
  readonly iou: number;
}

interface Times {
  readonly encodeSeconds: number;
  readonly refineSeconds: number;
}

/** What `netspace evaluate --refine` prints of shapes. */
export interface ShapesPrinted {
  readonly instances: readonly Shape[];
  readonly refined: { readonly instances: readonly (Shape & Times)[] };
}

/** What `netspace evaluate --refine` prints of classifiers. */
export type ClassifiersPrinted = Pick<SpaceEvaluation, 'instances'> & { readonly refined: NonNullable<SpaceEvaluation['refined']> };

/** Lays encodings and refined encodings side by side. */
export const sideBySide = (evaluation: ClassifiersPrinted | ShapesPrinted): SideBySide =>
  isOfShapes(evaluation) ? ofShapes(evaluation) : ofClassifiers(evaluation);

const isOfShapes = (evaluation: ClassifiersPrinted | ShapesPrinted): evaluation is ShapesPrinted => 'iou' in evaluation.instances[0]!;

function ofClassifiers({ instances, refined }: ClassifiersPrinted): SideBySide {
  const names = [...new Set(instances.map(({ architecture }) => architecture))];
  const compared = (name?: string) =>
    [instances, refined.instances].map((rows) => compareAccuracies(rows.filter(({ architecture }) => name === undefined || architecture === name)));
  const [plain, better] = compared();
  const rows = (['difference', 'spearman', 'agreement'] as const).map((key) => row(key, plain![key], better![key]));
  return {
    summary: [...rows, timesOf(refined.instances)],
    architectures: names.map((architecture) => {
      const [plain, better] = compared(architecture);
      return {
        ...{ architecture, networks: instances.filter((one) => one.architecture === architecture).length },
        ...{ spearman: plain!.spearman, 'spearman, refined': better!.spearman },
        ...{ difference: plain!.difference, 'difference, refined': better!.difference },
        ...{ agreement: plain!.agreement, 'agreement, refined': better!.agreement },
      };
    }),
    instances: instances.map(({ name, targetAccuracy, predictedAccuracy, agreement }, i) => ({
      ...{ name, target: targetAccuracy, predicted: predictedAccuracy, 'predicted, refined': refined.instances[i]!.predictedAccuracy },
      ...{ agreement, 'agreement, refined': refined.instances[i]!.agreement },
    })),
  };
}

function ofShapes({ instances, refined }: ShapesPrinted): SideBySide {
  const [plain, better] = [instances, refined.instances];
  return {
    summary: [
      ...(['iou', 'mse'] as const).map((key) => row(key, mean(plain.map((one) => one[key])), mean(better.map((one) => one[key])))),
      timesOf(better),
    ],
    architectures: [],
    instances: plain.map(({ name, iou, mse }, i) => ({ name, iou, 'iou, refined': better[i]!.iou, mse, 'mse, refined': better[i]!.mse })),
  };
}

const row = (mean: string, encodings: number, refined: number) => ({ mean, encodings, refined });

const timesOf = (rows: readonly Times[]) =>
  row('seconds a network', mean(rows.map((one) => one.encodeSeconds)), mean(rows.map((one) => one.refineSeconds)));

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
