import { join } from 'node:path';

import type { NetSpace } from '@netspace/model';

import { FREE_STEPS } from '../files/free-embeddings.js';
import { counted } from '../output/counted.js';
import { commandLine, quoted } from '../training/way-on.js';
import type { EvaluatedPlace } from './evaluated-place.js';

/** How far networks are from their targets before and after so many steps of refinement, both in [0, 1]; less is better. */
export interface RefinedError {
  readonly label: string;
  readonly before: number;
  readonly after: number;
  readonly steps: number;
}

/** Fewer steps show next to nothing of a space. */
const LEAST_STEPS = 500;

/**
 * Advice to train for longer, as commands: a schedule that has fallen to 0 cannot go on, so this is a new run in a new folder. It keeps the
 * config of the run, if there is one: `init space` would propose another.
 */
export function moreSteps(place: EvaluatedPlace, { zooIsKnown }: { readonly zooIsKnown: boolean }): string {
  const { space, record, config, ...called } = place;
  const { steps, learningRate } = configOf(record);
  const longer = typeof steps === 'number' ? String(Math.max(2 * steps, LEAST_STEPS)) : 'N';
  const head = 'Train a new space for more steps, in a new folder';
  if (record?.config === undefined) return `${head}: ${newConfig(place, longer, zooIsKnown)}`;
  const train = commandLine(called, ['train', config ?? 'FILE', '--steps', longer, '--out', longerRun(space)]);
  const file = config === undefined ? `. FILE is the config of this run; ${quoted(join(space, 'run.json'))} says what was in it, as "config"` : ''; // prettier-ignore
  const own = isObject(learningRate) && typeof learningRate['steps'] === 'number' ? ' Its learningRate has steps of its own: change them too.' : ''; // prettier-ignore
  return `${head}: ${train}${file}.${own}`;
}

/** The same for a space that has left no config. */
function newConfig({ space, zoo, data, record: _, ...called }: EvaluatedPlace, steps: string, zooIsKnown: boolean): string {
  const images = data === undefined || data === 'mnist' ? [] : ['--data', data]; // mnist is what init space proposes by itself
  const ofZoo = zooIsKnown ? zoo : 'ZOO';
  const init = commandLine(called, ['init', 'space', '--zoo', ofZoo, ...images, '--steps', steps, '--out', 'more.jsonc']);
  const train = commandLine(called, ['train', 'more.jsonc', '--out', longerRun(space)]);
  return `${init}, then ${train}. If you have the config of this one, train that with --steps ${steps} instead.`;
}

/** A folder beside that of a run. */
const longerRun = (folder: string): string => {
  const name = folder.replace(/[/\\]+$/, '');
  return /(^|[/\\])\.{0,2}$/.test(name) ? 'space-more' : `${name}-more`;
};

/** Advice on the config of a space that lacks what helped in our experiments. */
export function changedConfig({ startedFrom, normalization }: Pick<NetSpace, 'startedFrom' | 'normalization'>): readonly string[] {
  const keys = [...(startedFrom === 'random' ? ['"start": "instances"'] : []), ...(normalization === undefined ? ['"units": "zoo"'] : [])];
  return keys.length === 0 ? [] : [`Train a space with ${keys.join(' and ')} in its config.`];
}

/** Steps of refinement that the guide gives; fewer do not show what a decoder can do. */
const STEPS = 100;
/** Networks that are enough to tell the decoder from the encoder. */
export const REFINED_NETWORKS = 3;

/** Advice to refine a few of the networks, those that were held out if there are any. */
export function refineSome({ space, zoo, data, ...called }: EvaluatedPlace, names: readonly string[], heldOut: boolean): string {
  const some = names.slice(0, REFINED_NETWORKS);
  const where = ['--space', space, '--zoo', zoo, ...(data === undefined ? [] : ['--data', data])];
  const command = commandLine(called, ['evaluate', ...where, '--refine', String(STEPS), '--instance', ...some]);
  const which = counted(some.length, heldOut ? 'held-out network' : 'network');
  return `Find out whether the encoder or the decoder is at fault: ${command}. It takes seconds to minutes a network, for ${which}. If the refined figures are much better, the decoder is good and the encoder is not.`;
}

/** Advice to refine, for a space whose encoder was never made to find networks well. */
export function refineFree({ space, zoo, data, ...called }: EvaluatedPlace): string {
  const where = ['--space', space, '--zoo', zoo, ...(data === undefined ? [] : ['--data', data])];
  const command = commandLine(called, ['evaluate', ...where, '--refine', String(FREE_STEPS)]);
  return `This space was trained with free embeddings: its encoder only guesses where a network lies, so the figures above say little. Refine the encodings (--refine ${FREE_STEPS}) and judge it by the refined figures: ${command}. It takes seconds to minutes a network.`;
}

/** Refinement that leaves at most this share of the error shows a good decoder; one that leaves at least the other, a space without such networks. */
const [MUCH_BETTER, NEARLY_THE_SAME] = [0.5, 0.8];

/** What refined figures say of a space that learned with free embeddings. */
export function freeConclusion({ label, before, after, steps }: RefinedError): string {
  const few = steps < FREE_STEPS ? ` ${FREE_STEPS} steps show more.` : '';
  return `This space was trained with free embeddings: its encoder only guesses where a network lies. So refined encodings were judged; refine what you encode. Refinement in ${steps} steps takes ${label} from ${percent(1 - before)} to ${percent(1 - after)}.${few}`;
}

/** What refined figures say. */
export function refinedConclusion({ label, before, after, steps }: RefinedError): string {
  const figures = `Refinement in ${steps} steps takes ${label} from ${percent(1 - before)} to ${percent(1 - after)}`;
  if (after >= NEARLY_THE_SAME * before) {
    if (steps < STEPS) return `${figures}. So few steps say nothing of the decoder: give --refine ${STEPS}.`;
    return `${figures}, which is ${after > before ? 'no better' : 'nearly the same'}: the space does not hold such networks, and a better encoder would not help.`;
  }
  if (after <= MUCH_BETTER * before) {
    return `${figures}, which is much better: the decoder is good and the encoder is not. Train on more networks, or refine encodings (--refine of encode and interpolate).`;
  }
  return `${figures}, which is somewhat better: the encoder and the decoder both have a part in what is wrong.`;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The config of a run, as its record has it. */
export const configOf = (record: EvaluatedPlace['record']): Readonly<Partial<Record<'zoo' | 'steps' | 'data' | 'learningRate', unknown>>> =>
  typeof record?.config === 'object' && record.config !== null ? record.config : {};
