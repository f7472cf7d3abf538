import { NetSpaceError } from '@netspace/prep';
import { count, functionOf, type GivenBy, listOf, objectOf, optional, parseOptions, text, whole } from '@netspace/prep/internal';

import type { Diversity } from '../evaluate/measures/diversity.js';
import type { EvaluatedInstance } from '../evaluate/evaluated-instance.js';
import type { EvaluatedOutputs } from '../evaluate/evaluated-outputs.js';
import { classifierFigures } from './classifier-figures.js';
import { outputsFigures } from './outputs-figures.js';
import { type Grade, type VerdictFigure, worstGrade } from './verdict-figure.js';

/** Whether a space is any good, and by which figures. */
export interface SpaceVerdict {
  /**
   * The worst of the figures; a collapsed space is poor whatever they are. Unclear if no figure has a grade, or if networks do otherwise on
   * these inputs than their zoo says.
   */
  readonly grade: Grade | 'unclear';
  readonly collapsed: boolean;
  /** Whether the networks do otherwise on these inputs than their zoo says, so that the figures say nothing of the space. */
  readonly otherInputs: boolean;
  /** The networks that decide: those that the space has never seen, if there are enough of them. */
  readonly of: 'held out' | 'trained on' | 'all networks';
  readonly count: number;
  /** Each figure, its own grade if it means something, and what would be good. */
  readonly figures: readonly VerdictFigure[];
}

/** What `evaluateSpace` or `evaluateOutputs` found, or an evaluation with rows of your own. */
export interface Evaluation<Row extends { readonly name: string } = EvaluatedInstance | EvaluatedOutputs> {
  readonly instances: readonly Row[];
  readonly diversity: Diversity;
  readonly remarks: readonly string[];
  /** As `evaluateOutputs` gives it. */
  readonly targetR2?: number | null;
}

/** See {@link VerdictOptions}. */
export const verdictOptions = objectOf({
  /**
   * Names of the networks that the space was not trained on. If some are among the rows, they decide.
   * @default not known: all networks decide
   */
  heldOut: optional(listOf(text, 'a list of names')),
  /**
   * How many networks the space was trained on.
   * @default the rows that were not held out
   */
  trainedOn: optional(whole),
  /**
   * Held-out networks decide only if there are so many of them, and the space was trained on so many.
   * @default { heldOut: 1, known: 0 }
   */
  enough: optional(objectOf({ heldOut: count, known: whole })),
  /**
   * The figures of some rows, for rows of a kind of your own.
   * @default those of classifiers, or of networks that give numbers, colors or what is inside
   */
  figures: optional(functionOf<(rows: never) => readonly VerdictFigure[]>()),
});

/** Options of {@link verdictOf}. */
export interface VerdictOptions<Row = EvaluatedInstance | EvaluatedOutputs> extends Omit<GivenBy<typeof verdictOptions>, 'figures'> {
  readonly figures?: (rows: readonly Row[]) => readonly VerdictFigure[];
}

/**
 * Says whether a space is good, fair or poor, by the rule of the command `netspace evaluate`: the worst figure decides. Each figure says in
 * its note what would be good.
 *
 * Classifiers are judged by the difference in accuracy, the order, the agreement and the ClassIds. Other networks are judged by one figure:
 * R² for numbers, PSNR for colors, IoU for what is inside.
 *
 * @param evaluation what `evaluateSpace` or `evaluateOutputs` returned; rows of your own need the option `figures`
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown or wrong, or rows of another kind without the option `figures`
 * @example
 * ```ts
 * import { verdictOf } from '@netspace/explore';
 *
 * const row = { architecture: 'lenet', classId: 0, predictedClassId: 0, agreement: 0.95 };
 * const instances = [
 *   { ...row, name: 'known', targetAccuracy: 0.9, predictedAccuracy: 0.9 },
 *   { ...row, name: 'new', targetAccuracy: 0.7, predictedAccuracy: 0.76 },
 * ];
 * const diversity = { weightSpread: 0.4, fromStart: 0.4, disagreement: 0.3, targetDisagreement: 0.4, collapsed: false };
 * const { grade, of, figures } = verdictOf({ instances, diversity, remarks: [] }, { heldOut: ['new'] });
 * console.log(grade, 'by networks', of); // fair by networks held out
 * console.log(figures[0]!.label, figures[0]!.value); // difference in accuracy 6.0 points
 * ```
 */
export function verdictOf(evaluation: Evaluation<EvaluatedInstance> | Evaluation<EvaluatedOutputs>, options?: VerdictOptions): SpaceVerdict;
export function verdictOf<Row extends { readonly name: string }>(
  evaluation: Evaluation<Row>,
  options: VerdictOptions<NoInfer<Row>> & Required<Pick<VerdictOptions<NoInfer<Row>>, 'figures'>>,
): SpaceVerdict;
export function verdictOf<Row extends { readonly name: string }>(
  { instances, diversity, remarks, targetR2 = null }: Evaluation<Row>,
  options: VerdictOptions<Row> = {},
): SpaceVerdict {
  const { heldOut = [], trainedOn, enough = { heldOut: 1, known: 0 } } = parseOptions('verdictOf', verdictOptions, options);
  const figuresOf = options.figures ?? ((rows: readonly Row[]) => usualFigures(rows, { diversity, remarks, targetR2 }));
  const names = new Set(heldOut);
  const [strangers, known] = [instances.filter(({ name }) => names.has(name)), instances.filter(({ name }) => !names.has(name))];
  const few = strangers.length < enough.heldOut || (trainedOn ?? known.length) < enough.known;
  const of = strangers.length === 0 ? 'all networks' : few && known.length > 0 ? 'trained on' : 'held out';
  const judged = of === 'held out' ? strangers : known;
  const figures = figuresOf(judged);
  const { collapsed } = diversity;
  const otherInputs = remarks.some((remark) => remark.startsWith('The zoo says other accuracies'));
  return {
    grade: collapsed ? 'poor' : otherInputs ? 'unclear' : worstGrade(figures),
    ...{ collapsed, otherInputs, of, count: judged.length, figures },
  };
}

interface Named {
  readonly name: string;
}

/** Types refuse other rows; programs in JavaScript are told here. */
function usualFigures(
  rows: readonly Named[],
  { diversity, remarks, targetR2 }: Pick<Evaluation, 'diversity' | 'remarks'> & { readonly targetR2: number | null },
): readonly VerdictFigure[] {
  if (areClassifiers(rows)) return classifierFigures(rows, diversity, remarks);
  if (areOutputs(rows)) return outputsFigures(rows, targetR2);
  throw new NetSpaceError('INVALID_OPTION', 'verdictOf: expected rows of evaluateSpace or evaluateOutputs, got others; give the option figures for rows of your own'); // prettier-ignore
}

const areClassifiers = (rows: readonly Named[]): rows is readonly EvaluatedInstance[] => rows.every((row) => 'targetAccuracy' in row);
const areOutputs = (rows: readonly Named[]): rows is readonly EvaluatedOutputs[] => rows.every((row) => 'mse' in row);
