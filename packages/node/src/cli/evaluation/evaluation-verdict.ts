import {
  type Diversity,
  type EvaluatedInstance,
  type EvaluatedOutputs,
  type Evaluation,
  type SpaceVerdict,
  type VerdictFigure,
  verdictOf,
  type VerdictOptions,
} from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import type { ReportSection } from '@netspace/report';
import { isAtChance, MANY_SHAPES } from '@netspace/train/internal';
import type { StoredInstance } from '@netspace/zoo';

import { type EvaluatedShape, summarizeShapes } from './evaluate-shapes.js';
import type { EvaluatedPlace } from './evaluated-place.js';
import {
  changedConfig,
  freeConclusion,
  moreSteps,
  REFINED_NETWORKS,
  refinedConclusion,
  type RefinedError,
  refineFree,
  refineSome,
} from './evaluation-advice.js';
import { counted } from '../output/counted.js';
import { guidePlace } from '../output/guide-place.js';
import { errorOfOutputs, type MeasuredOutputs } from '../report/outputs-error.js';
import { shapesFigures } from '../report/shapes-figures.js';
import { longerWarmUp, signsOfSpoiling } from './spoiled-start.js';

/** Whether a space is any good, why, and what to change. */
export interface EvaluationVerdict extends SpaceVerdict {
  /** That refined encodings were judged, as in a space of free embeddings, whose encoder only guesses; left out for encodings. */
  readonly refined?: true;
  /** What is to be known of held-out networks that do not decide. */
  readonly apart?: string;
  /** What the table shows beside the figures: predictions that are all alike, a space that is worse than its start. */
  readonly signs?: readonly string[];
  /** What to change, most likely first; empty for a good space. */
  readonly change: readonly string[];
}

/** What an evaluation found, and how its space was made. */
interface Evaluated<Row> {
  readonly instances: readonly Row[];
  readonly diversity: Diversity;
  readonly remarks: readonly string[];
  readonly targetR2?: number | null;
  /** The same networks with refined encodings, if they were refined. */
  readonly refined?: { readonly instances: readonly Row[] } | undefined;
  /** Which networks the space has never seen; undefined if that is not recorded. */
  readonly heldOut: ReadonlySet<string> | undefined;
  /** Networks that the space was trained on, evaluated or not; those evaluated if it is not known. */
  readonly trainedOn?: number | undefined;
  /** Whether each network of the zoo has a seed of its own; see {@link haveOwnSeeds}. */
  readonly ownSeeds?: boolean | undefined;
  readonly space: Pick<NetSpace, 'startedFrom' | 'normalization'>;
  readonly place: EvaluatedPlace;
}

/** What is particular to a kind of networks. */
interface Kind<Row extends { readonly name: string }> {
  readonly verdictOf: (evaluation: Evaluation<Row>, options: Omit<VerdictOptions, 'figures'>) => SpaceVerdict;
  /** Mean error in [0, 1] of some networks, and the name of what is missing to 1. */
  readonly label: string;
  readonly errorOf: (rows: readonly Row[]) => number;
  /** Held-out networks only decide if there are so many of them, and so many known ones. */
  readonly enough: { readonly heldOut: number; readonly known: number };
  /** Signs that the training spoiled the network that the space started from. */
  readonly signsOf?: (rows: readonly Row[]) => readonly string[];
  /** Advice on the zoo. */
  readonly ofTheZoo: readonly string[];
}

/** The verdict on a space of classifiers. Networks near a guess are held out because they spoil a space, not to test it: they do not decide. */
export function verdictOnClassifiers(
  evaluated: Evaluated<EvaluatedInstance> & { readonly nearGuess?: ReadonlySet<string> | undefined },
): EvaluationVerdict {
  const { heldOut, nearGuess } = evaluated;
  const isLeftOut = ({ name }: EvaluatedInstance): boolean => heldOut?.has(name) === true && nearGuess?.has(name) === true;
  const [left, rest] = [evaluated.instances.filter(isLeftOut), evaluated.instances.filter((row) => !isLeftOut(row))];
  const instances = rest.length === 0 ? left : rest;
  const learnsGuesses = nearGuess === undefined || rest.some(({ name }) => nearGuess.has(name));
  const found = verdict(
    { ...evaluated, instances },
    {
      ...{ label: 'agreement', errorOf: (rows) => 1 - mean(rows.map(({ agreement }) => agreement)), enough: { heldOut: 1, known: 0 } },
      verdictOf,
      signsOf: (rows) => signsOfSpoiling(rows, evaluated.space),
      ofTheZoo: evaluated.ownSeeds === true ? (learnsGuesses ? [NO_GUESSES] : []) : [learnsGuesses ? `${DIFFERENT}, and on none that is no better than a guess.` : `${DIFFERENT}.`], // prettier-ignore
    },
  );
  return { ...found, ...(instances === rest && left.length > 0 && { apart: guesses(left) }) };
}

const DIFFERENT = 'Train on networks that differ in what they do, each of a seed of its own';
const NO_GUESSES = 'Train on no network that is no better than a guess.';

/** Whether each network was trained from a seed of its own, as its zoo says. */
export const haveOwnSeeds = (records: readonly { readonly seed: number }[]): boolean =>
  new Set(records.map(({ seed }) => seed)).size === records.length;

const guesses = (rows: readonly EvaluatedInstance[]): string =>
  `${counted(rows.length, 'held-out network')} near a guess ${rows.length === 1 ? 'does' : 'do'} not decide: ${rows
    .slice(0, 3)
    .map(({ name }) => name)
    .join(', ')}${rows.length > 3 ? ` and ${rows.length - 3} more` : ''}. Such networks spoil a space, so it does not learn them.`;

/** Networks that their zoo says are no better than a guess. */
export const namesNearGuess = (entries: readonly StoredInstance[]): ReadonlySet<string> =>
  new Set(entries.flatMap(({ name, instance: { architecture }, record }) => (isAtChance({ architecture, metrics: record.metrics }) ? [name] : []))); // prettier-ignore

/** The verdict on a space of shapes. A space of few shapes cannot place new ones: its known shapes decide. */
export const verdictOnShapes = (evaluated: Evaluated<EvaluatedShape>): EvaluationVerdict =>
  verdict(evaluated, {
    verdictOf: (found, options) => verdictOf(found, { ...options, figures: shapesFigures }),
    ...{ label: 'the overlap (IoU)', errorOf: (rows) => 1 - summarizeShapes(rows).meanIou, enough: { heldOut: 5, known: 100 } },
    ofTheZoo: [],
  });

/** The verdict on a space of networks that give numbers, colors or what is inside. */
export const verdictOnOutputs = (evaluated: Evaluated<EvaluatedOutputs>, measured: MeasuredOutputs): EvaluationVerdict =>
  verdict(
    { ...evaluated, targetR2: measured.targetR2 },
    {
      verdictOf,
      ...{ ...errorOfOutputs(measured), enough: { heldOut: 1, known: 0 } },
      ofTheZoo: evaluated.ownSeeds === true ? [] : [`${DIFFERENT}.`],
    },
  );

function verdict<Row extends { readonly name: string }>(evaluated: Evaluated<Row>, kind: Kind<Row>): EvaluationVerdict {
  const { heldOut, trainedOn, place, refined } = evaluated;
  const names = new Set(evaluated.instances.map(({ name }) => name));
  const byRefined = place.free === true && refined !== undefined;
  const instances = byRefined ? refined.instances.filter(({ name }) => names.has(name)) : evaluated.instances;
  // Diversity is that of encodings: they may be all alike where refined ones are not.
  const diversity = byRefined ? { ...evaluated.diversity, collapsed: false } : evaluated.diversity;
  const enough = place.free === true ? { ...kind.enough, known: Math.min(kind.enough.known, MANY_SHAPES) } : kind.enough;
  const judge = (rows: readonly Row[]): SpaceVerdict =>
    kind.verdictOf({ ...evaluated, diversity, instances: rows }, { heldOut: [...(heldOut ?? [])], trainedOn, enough });
  const isNew = ({ name }: Row): boolean => heldOut?.has(name) === true;
  const [strangers, known] = [instances.filter(isNew), instances.filter((row) => !isNew(row))];
  const own = judge(instances);
  const { of, collapsed, grade } = own;
  const ofKnown = of === 'held out' && known.length > 0 && !collapsed ? judge(known) : undefined;
  const signs = grade === 'good' || own.otherInputs ? [] : (kind.signsOf?.(instances) ?? []);
  return {
    ...own,
    ...(byRefined && { refined: true }),
    ...(signs.length > 0 && { signs }),
    ...(of === 'trained on' && { apart: newShapes(judge(strangers).figures, { count: strangers.length, trainedOn, enough }) }),
    change:
      grade === 'good'
        ? []
        : changes(evaluated, kind, {
            judged: of === 'held out' ? strangers : known,
            known,
            verdict: own,
            ofKnown,
            spoiled: signs.length > 0,
          }),
  };
}

const UNCLEAR = ['Evaluate other networks, or more of them: no figure means anything here.'];

const ON_OTHER_DATA = [
  'Give the inputs the scaling of the training of the networks, as the remark above says, and evaluate again. A space that was trained on such inputs has to be trained again too.',
];

interface HeldOutShapes {
  readonly count: number;
  /** How many the space was trained on, where that is known. */
  readonly trainedOn: number | undefined;
  readonly enough: Kind<never>['enough'];
}

function newShapes(figures: readonly VerdictFigure[], { count, trainedOn, enough }: HeldOutShapes): string {
  const why =
    (trainedOn ?? 0) >= enough.known
      ? `a verdict on new shapes takes ${enough.heldOut} of them or more.`
      : 'a space places new shapes only if it was trained on hundreds of shapes.';
  return `New shapes: ${figures.map(({ label, value }) => `${label} ${value}`).join(', ')}, of ${counted(count, 'held-out shape')}. It does not decide: ${why}`;
}

const FOR_NEW_NETWORKS = [
  'Train on more networks, each of a seed of its own. The space predicts the networks well that it was trained on, but not new ones.',
  'Permute hidden channels: "augment": { "permuteChannels": true } in the config, and "units": "zoo-permuted" in its space.',
];

interface Judged<Row> {
  readonly judged: readonly Row[];
  readonly known: readonly Row[];
  readonly verdict: SpaceVerdict;
  /** How well the space predicts what it was trained on, if what was held out decides. */
  readonly ofKnown: SpaceVerdict | undefined;
  readonly spoiled: boolean;
}

function changes<Row extends { readonly name: string }>(
  { instances, space, place, refined }: Evaluated<Row>,
  { label, errorOf, ofTheZoo }: Kind<Row>,
  { judged, known, verdict: { grade, of, otherInputs }, ofKnown, spoiled }: Judged<Row>,
): readonly string[] {
  if (otherInputs) return ON_OTHER_DATA;
  if (grade === 'unclear') return UNCLEAR;
  const names = new Set(judged.map(({ name }) => name));
  const [encoded, better] = [instances, refined?.instances ?? []].map((rows) => rows.filter(({ name }) => names.has(name))) as [
    Row[],
    Row[],
  ];
  const error: RefinedError = { label, before: errorOf(encoded), after: errorOf(better), steps: place.refine ?? 0 };
  // The figures of such a space are of guesses: what they say of its steps and its zoo comes second.
  const refineFirst = place.free === true ? [better.length > 0 ? freeConclusion(error) : refineFree(place)] : [];
  const refinement = place.free === true ? [] : [better.length > 0 ? refinedConclusion(error) : refineSome(place, typical(judged, errorOf), of === 'held out')]; // prettier-ignore
  if (ofKnown?.grade === 'good') return [...refineFirst, ...FOR_NEW_NETWORKS, ...refinement];
  const first = of !== 'held out' ? '' : known.length > 0 ? notGood(ofKnown?.figures ?? []) : ' Before that, evaluate networks that it was trained on: if they are predicted well, train on more networks instead.'; // prettier-ignore
  const warmUp = spoiled ? longerWarmUp(place.record) : [];
  const steps = `${moreSteps(place, { zooIsKnown: known.length > 0 })}${first}`;
  return [...refineFirst, ...changedConfig(space), ...warmUp, steps, ...ofTheZoo, ...refinement];
}

/** A sentence on the figures of known networks that are not good; nothing if there are none. */
function notGood(figures: readonly VerdictFigure[]): string {
  const said = figures.flatMap(({ label, value, verdict: own }) => (own === undefined || own === 'good' ? [] : [`${label} (${value})`]));
  return said.length === 0 ? '' : ` Not good for the networks that it was trained on: ${said.join(', ')}.`;
}

/** Names of the networks of middling error: the extremes are often networks of a kind of their own. */
function typical<Row extends { readonly name: string }>(
  rows: readonly Row[],
  errorOf: (rows: readonly Row[]) => number,
): readonly string[] {
  const byError = rows.toSorted((a, b) => errorOf([a]) - errorOf([b])).map(({ name }) => name);
  return byError.slice(Math.max(0, Math.floor((byError.length - REFINED_NETWORKS) / 2)));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The section of a report that says what to change, and how little it may say; none for a space that is good beyond doubt. */
export function changeSection(verdict: EvaluationVerdict): ReportSection[] {
  const { change, signs = [] } = verdict;
  const text = [...doubts(verdict), ...signs, ...change.map((line, i) => `${i + 1}. ${line}`)];
  return text.length === 0 ? [] : [{ title: change.length === 0 ? 'How much this says' : 'What to change next', text }];
}

/** Says which encodings a report's first figures are of, where they are not the encoder's. */
export const refinedWords = ({ refined }: EvaluationVerdict): readonly string[] =>
  refined
    ? [
        'The figures at the top are of refined encodings: the space was trained with free embeddings, and its encoder only guesses where a network lies.',
      ]
    : [];

/** Networks of which a verdict says something; with fewer, another one more may turn it. */
const ENOUGH = 3;

const few = (count: number, of: EvaluationVerdict['of']): string =>
  `${count === 1 ? 'One network says' : 'Two networks say'} little of a space: another one may turn the verdict. ${of === 'held out' ? 'Hold out more networks (holdOut in the config of a new run)' : 'Evaluate more networks'}, or take it for a first look.`;

const doubts = ({ count, collapsed, of }: EvaluationVerdict): readonly string[] =>
  count > 0 && count < ENOUGH && !collapsed ? [few(count, of)] : []; // a collapse is seen in all networks

/** A verdict for the reader. */
export function verdictText(verdict: EvaluationVerdict): string {
  const { grade, collapsed, of, count, figures, refined, apart, signs = [], change } = verdict;
  const networks = counted(count, of === 'held out' ? 'held-out network' : 'network');
  const place = guidePlace('is-it-good');
  return [
    `Verdict: ${grade}, by ${networks}${of === 'trained on' ? ' that the space was trained on' : ''}${refined ? ', by their refined encodings' : ''}${collapsed ? '; the space is collapsed' : ''}.`,
    ...doubts(verdict).map((line) => `  ${line}`),
    ...figures.map(({ label, value, verdict: own, note }) => `  ${label}: ${value}${own === undefined ? '' : `, ${own}`}. ${note}`),
    ...(apart === undefined ? [] : [`  ${apart}`]),
    ...signs.map((line) => `  ${line}`),
    ...(change.length === 0 ? [] : ['What to change next:', ...change.map((line, i) => `  ${i + 1}. ${line}`)]),
    `The page "Is my space any good?" of the guide explains every figure${place === undefined ? '.' : `: ${place}`}`,
  ].join('\n');
}
