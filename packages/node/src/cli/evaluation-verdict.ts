import type { Diversity, EvaluatedInstance } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import type { Headline, ReportSection } from '@netspace/report';

import type { EvaluatedShape } from './evaluate-shapes.js';
import { counted } from './output/counted.js';
import { classifierHeadline } from './report/classifier-sections.js';
import { shapesHeadline } from './report/shapes-headline.js';

/** Whether a space is any good, why, and what to change. */
export interface EvaluationVerdict {
  /** The worst of the figures; a collapsed space is poor whatever they are. */
  readonly grade: Grade;
  readonly collapsed: boolean;
  /** The networks that decide: those that the space has never seen, if there are any. */
  readonly of: 'held out' | 'all networks';
  readonly count: number;
  /** Each figure, its own grade if it means something, and what would be good. */
  readonly figures: readonly Headline[];
  /** What to change, most likely first; empty for a good space. */
  readonly change: readonly string[];
}

type Grade = 'good' | 'fair' | 'poor';
const GRADES: readonly Grade[] = ['good', 'fair', 'poor'];

/** What an evaluation found, and how its space was made. */
interface Evaluated<Row> {
  readonly instances: readonly Row[];
  readonly diversity: Diversity;
  readonly remarks: readonly string[];
  /** Which networks the space has never seen; undefined if that is not recorded. */
  readonly heldOut: ReadonlySet<string> | undefined;
  readonly space: Pick<NetSpace, 'startedFrom' | 'normalization'>;
}

/** The verdict on a space of classifiers. */
export const verdictOnClassifiers = (evaluated: Evaluated<EvaluatedInstance>): EvaluationVerdict =>
  verdict(evaluated, (rows) => classifierHeadline(rows, evaluated.diversity, evaluated.remarks), [
    'Train on networks that differ in what they do, each of a seed of its own, and on none that is no better than a guess.',
  ]);

/** The verdict on a space of shapes. */
export const verdictOnShapes = (evaluated: Evaluated<EvaluatedShape>): EvaluationVerdict => verdict(evaluated, shapesHeadline, []);

function verdict<Row extends { readonly name: string }>(
  { instances, diversity, heldOut, space }: Evaluated<Row>,
  figuresOf: (rows: readonly Row[]) => readonly Headline[],
  ofTheZoo: readonly string[],
): EvaluationVerdict {
  const isNew = ({ name }: Row): boolean => heldOut?.has(name) === true;
  const [strangers, known] = [instances.filter(isNew), instances.filter((row) => !isNew(row))];
  const judged = strangers.length > 0 ? strangers : instances;
  const figures = figuresOf(judged);
  const grade = diversity.collapsed ? 'poor' : gradeOf(figures);
  return {
    ...{ grade, collapsed: diversity.collapsed, of: strangers.length > 0 ? 'held out' : 'all networks', count: judged.length, figures },
    change: grade === 'good' ? [] : learned(known, figuresOf, diversity) ? FOR_NEW_NETWORKS : [...changes(space), ...ofTheZoo, REFINE],
  };
}

const gradeOf = (figures: readonly Headline[]): Grade =>
  GRADES[Math.max(0, ...figures.map(({ verdict: own }) => (own === undefined ? 0 : GRADES.indexOf(own))))]!;

/** Whether a space predicts well what it was trained on. */
const learned = <Row>(known: readonly Row[], figuresOf: (rows: readonly Row[]) => readonly Headline[], { collapsed }: Diversity): boolean =>
  known.length > 0 && !collapsed && gradeOf(figuresOf(known)) === 'good';

const REFINE = 'Run evaluate with --refine 100. If its figures are much better, the decoder is good and the encoder is not.';

const FOR_NEW_NETWORKS = [
  'Train on more networks, each of a seed of its own. The space predicts the networks well that it was trained on, but not new ones.',
  'Permute hidden channels: "augment": { "permuteChannels": true } in the config, and "units": "zoo-permuted" in its space.',
  REFINE,
];

function changes({ startedFrom, normalization }: Evaluated<unknown>['space']): readonly string[] {
  const keys = [...(startedFrom === 'random' ? ['"start": "instances"'] : []), ...(normalization === undefined ? ['"units": "zoo"'] : [])];
  return [
    ...(keys.length === 0 ? [] : [`Train a space with ${keys.join(' and ')} in its config.`]),
    'Train for more steps. Look at the networks that the space was trained on: they have to be predicted well first.',
  ];
}

/** The section of a report that says what to change; none for a good space. */
export const changeSection = ({ change }: EvaluationVerdict): ReportSection[] =>
  change.length === 0 ? [] : [{ title: 'What to change next', text: change.map((line, i) => `${i + 1}. ${line}`) }];

/** A verdict for the reader. */
export function verdictText({ grade, collapsed, of, count, figures, change }: EvaluationVerdict): string {
  const networks = counted(count, of === 'held out' ? 'held-out network' : 'network');
  return [
    `Verdict: ${grade}, by ${networks}${collapsed ? '; the space is collapsed' : ''}.`,
    ...figures.map(({ label, value, verdict: own, note }) => `  ${label}: ${value}${own === undefined ? '' : `, ${own}`}. ${note}`),
    ...(change.length === 0 ? [] : ['What to change next:', ...change.map((line, i) => `  ${i + 1}. ${line}`)]),
    'The page "Is my space any good?" of the guide explains every figure.',
  ].join('\n');
}
