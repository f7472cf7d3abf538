import { adam, type Decoded, type NetSpace } from '@netspace/model';
import { rateOrFunction } from '@netspace/model/internal';
import { NetSpaceError, isNetSpaceError, type StepProgress } from '@netspace/prep';
import {
  abortSignal,
  checkFiniteTensors,
  count,
  diverged,
  findNonFinite,
  functionOf,
  type GivenBy,
  objectOf,
  oneOf,
  optional,
  parseOptions,
  positive,
  show,
  variableGrads,
  withDefault,
} from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

/** The input of an objective: the space's results at the current embedding, differentiable in it. */
export interface LatentPoint extends Decoded {
  /** `[B, E]` */
  readonly embedding: tf.Tensor2D;
}

/** A loss of decoded embeddings to minimize; runs inside `tf.tidy`. `step` counts from 0, for objectives that draw a batch at each step. */
export interface LatentObjective {
  (point: LatentPoint, step: number): tf.Scalar;
  /** The architecture in whose units a space with units gives the PReps. If it is left out, the class head chooses it. */
  readonly classId?: number;
}

/** See {@link OptimizeLatentOptions}. */
export const optimizeLatentOptions = objectOf({
  /** What to minimize; `latentObjective` gives the paper's. */
  loss: functionOf<LatentObjective>(),
  /** @default 100 */
  steps: withDefault(count, 100),
  /**
   * Adam's learning rate, in units of the embedding. It may be a schedule or a function of the step, counted from 0; a falling rate helps
   * losses over changing batches to settle.
   * @default 1e-4
   */
  learningRate: withDefault(rateOrFunction, 1e-4),
  /**
   * `best`: the embedding of the smallest loss seen; `last`: the one after the last step, for losses over changing batches.
   * @default 'best'
   */
  keep: withDefault(oneOf(['best', 'last']), 'best'),
  /**
   * How many steps to run before reading their losses back from the device.
   * @default 10
   */
  readEvery: withDefault(count, 10),
  /** Stops the search. The best embedding until then comes with the error (`abortedSearch`). */
  signal: optional(abortSignal),
  /** Called for each step in order, in batches of `readEvery`. */
  onStep: optional(functionOf<(progress: LatentProgress) => void>()),
});

/** Options of {@link optimizeLatent}. */
export interface OptimizeLatentOptions extends GivenBy<typeof optimizeLatentOptions> {}

/** The values that a learning rate given as a function may have. */
const firstRate = objectOf({ learningRate: positive });

/** Progress of a search, as {@link OptimizeLatentOptions.onStep} receives it. */
export interface LatentProgress extends StepProgress {
  /** Steps done, from 0. The loss is that before the next step, or after the last one. */
  readonly step: number;
  readonly loss: number;
}

/** The result of a search. */
export interface LatentSearch {
  /** `[B, E]`; the caller disposes it. */
  readonly embedding: tf.Tensor2D;
  /** The loss before each step and after the last one: `steps + 1` numbers. */
  readonly losses: readonly number[];
}

/**
 * Latent space optimization: moves an embedding downhill until its predicted network does what the loss asks for.
 *
 * `adam` of `@netspace/model` (β 0.9 and 0.999, ε 1e-8) on the embedding alone; the decoder is frozen. Losses stay on the device. They are
 * read once every `readEvery` steps; then the event loop runs too.
 *
 * @param embedding where to start, `[E]` or `[B, E]`: rows of one batch are optimized together, against the sum of their losses
 * @throws NetSpaceError `ABORTED` if the signal stops the search, `DIVERGED` if a loss or the embedding became NaN or infinite (see
 * `divergenceOf`), `INVALID_OPTION` for options that are unknown, missing or out of range, or if the embedding is no tensor or holds NaN
 * or infinity, `SHAPE_MISMATCH` if the embedding is not of the space
 * @see Berardi et al., "Learning the Space of Deep Models", section IV (latent space optimization)
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { type LatentObjective, optimizeLatent } from '@netspace/explore';
 * import { NetSpace } from '@netspace/model';
 * import { siren } from '@netspace/zoo';
 *
 * const space = new NetSpace({ architectures: [siren({ hidden: 4, layers: 0 })], prepShape: [4, 8], preset: 'tiny' });
 * const loss: LatentObjective = ({ preps }) => tf.sum(tf.square(preps)); // a network of small weights
 * const { embedding, losses } = await optimizeLatent(space, tf.ones([1, 64]), { loss, steps: 20, learningRate: 0.01 });
 * console.log(embedding.shape, losses.length, losses[20]! < losses[0]!); // [ 1, 64 ] 21 true
 * ```
 */
export async function optimizeLatent(
  space: Pick<NetSpace, 'decode'>,
  embedding: tf.Tensor,
  options: OptimizeLatentOptions,
): Promise<LatentSearch> {
  const { loss, steps, learningRate, keep, readEvery, signal, onStep } = parseOptions('optimizeLatent', optimizeLatentOptions, options);
  if (typeof learningRate === 'function') parseOptions('optimizeLatent', firstRate, { learningRate: learningRate(0) });
  if (!(embedding instanceof tf.Tensor)) {
    const remedy = 'encode a network first: space.encode([instance])';
    throw new NetSpaceError('INVALID_OPTION', `optimizeLatent: expected an embedding as tensor, got ${show(embedding)}; ${remedy}`);
  }
  await checkFiniteTensors('optimizeLatent', [['the embedding', embedding]]);
  const objective = (value: tf.Tensor, step: number): tf.Scalar => {
    const point = value as tf.Tensor2D;
    const classIds = loss.classId === undefined ? undefined : Array<number>(point.shape[0]).fill(loss.classId);
    return loss({ ...space.decode(point, { classIds }), embedding: point }, step);
  };
  const losses: number[] = [];
  const variable = tf.tidy(() => tf.variable(tf.reshape(embedding, [-1, embedding.shape.at(-1) ?? 1]))); // [B, E]
  const optimizer = adam({ learningRate });
  let best = tf.tidy((): Best => ({ embedding: tf.clone(variable), loss: tf.scalar(Infinity) }));
  let unread: tf.Scalar[] = [];
  const read = async (): Promise<void> => {
    const scalars = unread;
    unread = [];
    for (const value of await readScalars(scalars)) {
      if (!Number.isFinite(value)) throw divergedAfter(losses.length, 'the loss');
      losses.push(value);
      onStep?.({ step: losses.length - 1, steps, loss: value });
    }
  };
  const checkVariable = async (): Promise<void> => {
    await read();
    if ((await findNonFinite([['embedding', variable]])) !== undefined) throw divergedAfter(losses.length, 'the embedding');
  };
  /**
   * Measures the loss, remembers the embedding if it is the best, and takes a step unless it is the last call. All of this happens on the
   * device.
   */
  const advance = (step: number): { readonly best: Best; readonly loss: tf.Scalar } =>
    tf.tidy(() => {
      const measure = (): tf.Scalar => objective(variable, step);
      const { value: loss, grads } = step === steps ? { value: measure(), grads: {} } : variableGrads(measure, [variable]);
      const better = tf.less(loss, best.loss);
      const next = { embedding: tf.where(better, variable, best.embedding), loss: tf.where(better, loss, best.loss) };
      if (step < steps) optimizer.apply({ embedding: variable }, { embedding: grads[variable.name]! });
      return { best: next, loss };
    });
  try {
    for (let step = 0; step <= steps; step++) {
      if (signal?.aborted) break;
      if (step === steps) await checkVariable(); // the last loss is measured without a gradient, where decode refuses NaN
      const next = advance(step);
      tf.dispose(best);
      [best, unread] = [next.best, [...unread, next.loss]];
      if (unread.length >= readEvery) await read();
    }
    await checkVariable();
    const found = { embedding: tf.clone(keep === 'best' ? best.embedding : variable) as tf.Tensor2D, losses };
    if (losses.length <= steps) throw aborted(found, steps);
    return found;
  } finally {
    tf.dispose([variable, best, unread]);
    optimizer.dispose();
  }
}

/**
 * The result until then of a search that a signal stopped; undefined for every other error.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { abortedSearch, optimizeLatent } from '@netspace/explore';
 * import { NetSpace } from '@netspace/model';
 * import { siren } from '@netspace/zoo';
 *
 * const space = new NetSpace({ architectures: [siren({ hidden: 4, layers: 0 })], prepShape: [4, 8], preset: 'tiny' });
 * const stop = new AbortController();
 * const onStep = ({ step }: { readonly step: number }) => void (step === 3 && stop.abort());
 * try {
 *   const loss = ({ preps }: { readonly preps: tf.Tensor }) => tf.sum(preps) as tf.Scalar;
 *   await optimizeLatent(space, tf.ones([1, 64]), { loss, readEvery: 1, signal: stop.signal, onStep });
 * } catch (error) {
 *   console.log(abortedSearch(error)?.embedding.shape); // [ 1, 64 ]
 * }
 * ```
 */
export function abortedSearch(error: unknown): LatentSearch | undefined {
  if (!isNetSpaceError(error) || error.code !== 'ABORTED') return undefined;
  const { cause } = error;
  return typeof cause === 'object' && cause !== null && 'embedding' in cause && 'losses' in cause ? (cause as LatentSearch) : undefined;
}

/** The embedding of the smallest loss seen, and that loss. */
type Best = { readonly embedding: tf.Tensor; readonly loss: tf.Tensor };

async function readScalars(scalars: tf.Scalar[]): Promise<number[]> {
  if (scalars.length === 0) return [];
  const stacked = tf.stack(scalars);
  tf.dispose(scalars);
  const values = Array.from(await stacked.data());
  stacked.dispose();
  await new Promise((resolve) => setTimeout(resolve, 0)); // lets timers, progress bars and the signal run
  return values;
}

const divergedAfter = (steps: number, term: string): NetSpaceError =>
  diverged('optimizeLatent', { after: steps - 1, step: steps, term }, 'take a smaller learning rate');

const aborted = (found: LatentSearch, steps: number): NetSpaceError =>
  new NetSpaceError(
    'ABORTED',
    `optimizeLatent: stopped by its signal after ${found.losses.length} of ${steps} steps; abortedSearch(error) has what was found`,
    { cause: found },
  );
