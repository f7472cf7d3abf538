import { NetSpace } from '@netspace/model';
import { type Architecture, disposeInstances, type Instance, NetSpaceError } from '@netspace/prep';
import { checkInstances, type GivenBy, objectOf, optional, parseOptions, seed, withDefault } from '@netspace/prep/internal';
import { bestOfEach, type Dataset } from '@netspace/zoo';
import { anyDataset, isLabeled } from '@netspace/zoo/internal';

import { copiesOfEach, permutedCopies } from '../batches/permuted-copies.js';
import type { TrainNetSpaceOptions, TrainTask } from '../train-net-space-options.js';
import { isAtChance } from './hold-out.js';
import type { SuggestNetwork } from './network-facts.js';
import type { SpaceSuggestion, SuggestedTask } from './suggestion.js';

/** See {@link FollowSuggestionOptions}. */
export const followSuggestionOptions = objectOf({
  /** The images, or tensors, that predicted networks are compared on; not for shapes and tasks of weights. */
  dataset: optional(anyDataset),
  /**
   * Of the space's weights, and of everything that is drawn in training.
   * @default 0
   */
  seed: withDefault(seed, 0),
});

/** Options of {@link followSuggestion}. */
export interface FollowSuggestionOptions extends GivenBy<typeof followSuggestionOptions> {}

/** An instance with what `suggestSpace` looks at: its name, its seed and its measures. */
export interface SuggestInstance extends Instance, Omit<SuggestNetwork, 'architecture'> {}

/** A suggestion, ready to be trained. */
export interface FollowedSuggestion<Network extends SuggestInstance> {
  /** Untrained; the caller disposes of it. */
  readonly space: NetSpace;
  /** Options of `trainNetSpace`. Points near surfaces (`task.near`) and checkpoints are the caller's to add. */
  readonly training: TrainNetSpaceOptions;
  /** The networks that the space is trained on. */
  readonly known: readonly Network[];
  /** Those that the suggestion holds out, but for networks at chance: to test the space on. */
  readonly heldOut: readonly Network[];
}

/**
 * Makes the space that {@link suggestSpace} proposes, and the options to train it.
 *
 * The space starts from the best network of each architecture. Networks at chance that the suggestion holds out are neither trained on nor
 * tested on.
 *
 * @param networks those that were passed to `suggestSpace`, with their parameters; the caller keeps them
 * @throws NetSpaceError `INVALID_OPTION` for classifiers without `dataset` or others with it, or if every network is held out; `NOT_FOUND` if
 *   the teacher is not among the networks; as `NetSpace`
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { followSuggestion, suggestSpace, trainNetSpace } from '@netspace/train';
 * import { initialize, lenetLike, parseCifar10 } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const network = (seed: number) => ({ architecture, parameters: initialize(architecture.parameters, { seed }), seed });
 * const networks = [1, 2, 3].map(network); // yours are trained and measured: metrics: { testAccuracy }
 * const dataset = parseCifar10(new Uint8Array(32 * 3073)); // 32 black images
 * const { space, training, heldOut } = followSuggestion(suggestSpace(networks, { steps: 2 }), networks, { dataset });
 * let done = 0;
 * for await (const { step } of trainNetSpace(space, training)) done = step;
 * console.log(done, heldOut.map(({ seed }) => seed)); // 2 [ 2 ]
 * ```
 */
export function followSuggestion<Network extends SuggestInstance>(
  suggestion: SpaceSuggestion,
  networks: readonly Network[],
  options: FollowSuggestionOptions = {},
): FollowedSuggestion<Network> {
  const { dataset, seed: from } = parseOptions('followSuggestion', followSuggestionOptions, options);
  checkInstances('followSuggestion', networks);
  const { names, seeds } = suggestion.holdOut;
  const isHeldOut = ({ name, seed: own }: Network): boolean =>
    (name !== undefined && names.includes(name)) || (own !== undefined && seeds.includes(own));
  const known = networks.filter((network) => !isHeldOut(network));
  if (known.length === 0) {
    const got = `${networks.length}, all of which the suggestion holds out`;
    throw new NetSpaceError('INVALID_OPTION', `followSuggestion: expected networks to train on, got ${got}; pass those of suggestSpace`);
  }
  const task = taskOf(suggestion.task, known, dataset);
  const { batch, embeddings, augment, learningRate, steps } = suggestion;
  return {
    space: makeSpace(suggestion.space, known, from),
    training: { instances: known, task, batch, ...(embeddings && { embeddings }), augment, learningRate, steps, seed: from },
    known,
    heldOut: networks.filter((network) => isHeldOut(network) && !isAtChance(network)),
  };
}

function makeSpace({ start: _, units, ...sizes }: SpaceSuggestion['space'], known: readonly SuggestInstance[], from: number): NetSpace {
  const architectures = [...new Map(known.map(({ architecture }): [string, Architecture] => [architecture.name, architecture])).values()];
  const copies = units === 'zoo-permuted' ? permutedCopies(known, { copies: copiesOfEach(known.length), seed: from }) : [];
  try {
    const start = { from: 'instances', instances: bestNetworks(known) } as const;
    return new NetSpace({ architectures, ...sizes, seed: from, start, units: { of: units === 'zoo' ? known : copies } });
  } finally {
    disposeInstances(copies); // the space has measured them
  }
}

function bestNetworks(known: readonly SuggestInstance[]): readonly Instance[] {
  const record = ({ architecture, metrics = {} }: SuggestInstance) => ({ architecture: architecture.name, parameterCount: 0, metrics });
  return bestOfEach(known.map((network) => ({ network, record: record(network) }))).map(({ network }) => network);
}

function taskOf(task: SuggestedTask, known: readonly SuggestInstance[], dataset: Dataset | undefined): TrainTask {
  if (task.kind === 'occupancy' || task.kind === 'rgb') return { ...task, ...(dataset && { dataset }) };
  if (task.kind === 'regression') {
    if (dataset !== undefined) return { ...task, dataset };
    throw new NetSpaceError('INVALID_OPTION', 'followSuggestion: expected option dataset, the inputs that networks are compared on, got none; pass those that the networks were trained on'); // prettier-ignore
  }
  if (task.kind !== 'classification') {
    if (dataset === undefined) return task;
    throw new NetSpaceError(
      'INVALID_OPTION',
      `followSuggestion: expected no dataset with a task of kind '${task.kind}', got ${dataset.name}; leave it out, or give architectures of classifiers the purpose 'classifier'`,
    );
  }
  if (dataset === undefined || !isLabeled(dataset)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `followSuggestion: expected option dataset, the images that classifiers are compared on, got ${dataset === undefined ? 'none' : `${dataset.name} without labels`}; pass the images that the networks were trained on`,
    );
  }
  const { teacher: name = 'targets', relative, accuracyGap, ...taught } = task;
  if (name === 'targets') return { ...taught, relative, accuracyGap, dataset };
  const teacher = known.find((network) => network.name === name);
  if (teacher !== undefined) return { ...taught, teacher, dataset };
  throw new NetSpaceError('NOT_FOUND', `followSuggestion: expected the teacher ${name} among the networks, got none of that name; pass the networks that suggestSpace saw`); // prettier-ignore
}
