import { adam, type NetSpace, scheduleFrom } from '@netspace/model';
import { withLength } from '@netspace/model/internal';
import { NetSpaceError, type Instance, type PRepBatch } from '@netspace/prep';
import {
  checkFiniteInstances,
  checkFiniteTensors,
  instanceOfOutput,
  nextTask,
  ofOutput,
  parseOptions,
  refuseOptions,
  refuseSeveralOutputs,
  type UsedBy,
  variableGrads,
} from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import type { Rewind } from './checkpoint/checkpoint.js';
import { describeData, describeSpace } from './checkpoint/describe-space.js';
import { currentVersions, reducedPrecision } from './checkpoint/versions.js';
import { LOOK_EVERY, termNotFinite } from './divergence.js';
import { type Embeddings, encodedEmbeddings } from './embeddings/embeddings.js';
import { freeEmbeddings } from './embeddings/free-embeddings.js';
import { balancedBatches, shuffledBatches, type Batches } from './batches/batches.js';
import { classificationTask } from './tasks/classification-task.js';
import { fixedPReps, permutedPReps } from './batches/prep-batches.js';
import { runningMeans } from './metrics/running-means.js';
import { outputsTask } from './tasks/outputs-task.js';
import { sdfTask } from './tasks/sdf-task.js';
import type { TaskContext, TaskRunner } from './tasks/train-task.js';
import { restoreRun, saveRun, type TrainingRun } from './checkpoint/training-run.js';
import { wayBack } from './checkpoint/way-back.js';
import { type taskOptions, type TrainNetSpaceOptions, trainNetSpaceOptions, type TrainStep } from './train-net-space-options.js';
import { weightsTask } from './tasks/weights-task.js';

/**
 * Trains a space on a zoo, step by step. The space's variables change in place.
 *
 * Each step encodes a batch of instances, decodes them and runs the predicted networks on a batch of inputs. Then Adam moves the encoder
 * and the decoder. Teacher and targets run without gradient, once a step or once an image (`cacheTargets`). Everything that is drawn is a
 * pure function of seed and step. So a run that was stopped or killed, and then resumed, has the same bits as an undisturbed run on the
 * same runtime.
 *
 * A run that diverges ends. Losses and weights are checked when losses are read, at least every 50 steps, and at the end. A rewound run is
 * as reproducible as any other: each record of its metrics has `rewinds`, and a resumed run goes back to the same steps.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it; `DIVERGED` when a loss or a weight became NaN or infinite, see
 * `divergenceOf`; `INVALID_OPTION` for options that are unknown, out of range or would be ignored, an instance with a weight that is not
 * finite, or a checkpoint of a run with other settings; `NOT_FOUND` for an instance of no architecture of the space; `SHAPE_MISMATCH` if
 * the networks take other images than the data set has; `UNSUPPORTED` for a weights task with several architectures; `CORRUPT_FILE` for a
 * damaged checkpoint
 * @see Berardi et al., "Learning the Space of Deep Models", sections III and IV
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { NetSpace } from '@netspace/model';
 * import { trainNetSpace } from '@netspace/train';
 * import { initialize, lenetLike, parseCifar10 } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const instances = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
 * const space = new NetSpace({ architectures: [architecture], prepShape: [8, 128], preset: 'tiny' });
 * const task = { kind: 'classification', dataset: parseCifar10(new Uint8Array(8 * 3073)) } as const;
 * const options = { instances, task, steps: 4, batch: { nets: 2, inputs: 4 }, readEvery: 4 };
 * for await (const { step, losses } of trainNetSpace(space, options)) {
 *   if (losses) console.log(step, losses['loss']! >= 0); // 4 true
 * }
 * ```
 */
export async function* trainNetSpace(space: NetSpace, options: TrainNetSpaceOptions): AsyncGenerator<TrainStep, void> {
  const { instances, steps, seed, readEvery, checkpoint, metrics, onDivergence, onTarget, signal, ...used } = parseOptions(
    'trainNetSpace',
    trainNetSpaceOptions,
    options,
  );
  const { nets, inputs = 64, sampling } = used.batch;
  const changes = used.augment.permuteChannels || used.augment.flipSigns;
  const { learningRate = 1e-4 } = options; // as it is given: recorded in checkpoints
  if (used.task.kind === 'weights')
    refuseOptions('trainNetSpace', { 'batch.inputs': used.batch.inputs }, ['batch.inputs'], 'in a weights task');
  const batches = netBatches(sampling, { space, instances, nets, seed });
  const owned: { dispose?(): void }[] = [];
  const own = <T extends { dispose?(): void }>(thing: T): T => {
    owned.push(thing);
    return thing;
  };
  try {
    await checkFiniteTensors('trainNetSpace', Object.entries(space.variables));
    const { teacher } = used.task as { readonly teacher?: unknown };
    if (typeof teacher === 'object') await checkFiniteInstances('trainNetSpace', [teacher as Instance], () => 'the teacher');
    const task = own(makeTask(used.task, { space, instances, inputs, nets, steps, seed }));
    const embeddings = own(used.embeddings === 'free' ? freeEmbeddings(space, instances.length, seed) : encodedEmbeddings(space));
    await task.start?.();
    const rewinds: Rewind[] = [];
    const schedule = scheduleFrom(learningRate, steps);
    const run: TrainingRun = {
      config: {
        seed,
        learningRate: withLength(learningRate, steps),
        batch: { nets, inputs, sampling },
        readEvery,
        ...(changes && { augment: Object.fromEntries(Object.entries(used.augment).filter(([, isOn]) => isOn)) }),
        task: task.description,
        ...(used.embeddings !== 'encoded' && { embeddings: used.embeddings }),
        ...(checkpoint && { ...(await describeSpace(space)), ...(await describeData(space, datasetOf(used.task))) }),
        instances: instances.map(({ architecture }) => architecture.name),
        identity: used.identity ?? null,
        ...reducedPrecision(),
      },
      variables: { ...space.variables, ...embeddings.variables },
      optimizer: own(adam({ learningRate: (step) => schedule(step) * 0.5 ** rewinds.length })),
      means: own(runningMeans([...task.terms, ...embeddings.terms])),
      versions: currentVersions(),
      rewinds,
    };
    const preps = own(await (changes ? permutedPReps(instances, { space, seed, ...used.augment }) : fixedPReps(instances, space)));
    const restored = checkpoint?.resume ? await restoreRun(checkpoint.storage, run, steps) : undefined;
    const way = own(wayBack(run, { onDivergence, metrics, start: restored }));
    const weights = Object.entries(run.variables);
    await metrics?.startAfter(run.optimizer.step);
    if (checkpoint !== undefined && restored === undefined) await saveRun(checkpoint.storage, run);
    let looked = run.optimizer.step;
    const throwIfStopped = (): void => {
      if (signal?.aborted) throw stopped(run.optimizer.step, steps, checkpoint?.storage.name);
    };
    throwIfStopped();
    await task.runTargets?.(needed(batches, run.optimizer.step, { steps, count: instances.length }), async (done, total) => {
      onTarget?.({ done, total });
      await nextTask();
      throwIfStopped();
    });
    while (run.optimizer.step < steps) {
      const rate = run.optimizer.learningRate;
      const chosen = [...batches(run.optimizer.step)];
      const batch = preps.batch(run.optimizer.step, chosen);
      try {
        await task.readAhead?.(batch, () => embeddings.of(batch, chosen));
        takeStep(run, { task, embeddings }, batch, chosen);
      } finally {
        batch.preps.dispose();
      }
      const { step } = run.optimizer;
      const read = step % readEvery === 0;
      const look = read || step % LOOK_EVERY === 0 || step === steps;
      const reading = look ? await run.means[read ? 'read' : 'peek'](weights.map(([, variable]) => variable)) : undefined;
      let term = reading && (await termNotFinite(reading, weights));
      const losses = read || (step === steps && steps < readEvery) ? reading?.means : undefined; // the last where none was read before
      const many = rewinds.length > 0 && { rewinds: rewinds.length };
      if (term === undefined && losses !== undefined) await metrics?.write({ step, learningRate: rate, ...losses, ...many });
      if (term === undefined && checkpoint !== undefined && (step === steps || step % checkpoint.every === 0)) {
        term = await saveRun(checkpoint.storage, run);
        if (term === undefined) way.startHere();
      }
      if (term !== undefined) {
        await way.goBack({ after: looked, step, term }, checkpoint?.storage.name);
        looked = run.optimizer.step;
        continue;
      }
      if (look) looked = step;
      yield { step, steps, learningRate: rate, ...(losses && { losses }), ...(rewinds.length > 0 && { rewinds: [...rewinds] }) };
      await nextTask(); // lets signals and timers in between steps
      if (signal?.aborted && step < steps) {
        if (checkpoint !== undefined) {
          const lost = await saveRun(checkpoint.storage, run, way.back);
          if (lost !== undefined) {
            await way.goBack({ after: looked, step, term: lost }, checkpoint.storage.name);
            await saveRun(checkpoint.storage, run, way.back);
          }
        }
        throw stopped(run.optimizer.step, steps, checkpoint?.storage.name);
      }
    }
  } finally {
    for (const thing of owned) thing.dispose?.();
  }
}

/** The networks that the steps from one on need; no more steps are looked at when all are found. */
function needed(batches: Batches, from: number, { steps, count }: { readonly steps: number; readonly count: number }): readonly number[] {
  const nets = new Set<number>();
  for (let step = from; step < steps && nets.size < count; step++) for (const net of batches(step)) nets.add(net);
  return [...nets];
}

/** What a run learns from, if it is all there; the inputs of a generator are not. */
const datasetOf = (task: UsedBy<typeof taskOptions>) =>
  'dataset' in task && typeof task.dataset !== 'function' ? task.dataset : undefined;

interface Lesson {
  readonly task: TaskRunner;
  readonly embeddings: Embeddings;
}

function takeStep({ variables, optimizer, means }: TrainingRun, lesson: Lesson, batch: PRepBatch, nets: readonly number[]): void {
  tf.tidy(() => {
    const loss = lesson.task.prepare(optimizer.step, nets);
    const { grads } = variableGrads(() => {
      const embeddings = lesson.embeddings.of(batch, nets);
      const further = lesson.embeddings.lossTerms(batch, embeddings);
      const terms = [...loss(batch, embeddings), ...further];
      means.add(terms);
      return [terms[0]!, ...further].reduce((total, term) => tf.add<tf.Scalar>(total, term));
    }, Object.values(variables));
    optimizer.apply(variables, Object.fromEntries(Object.entries(variables).map(([key, { name }]) => [key, grads[name]!])));
  });
}

function makeTask(task: UsedBy<typeof taskOptions>, given: Omit<TaskContext, 'architectures'>): TaskRunner {
  const context = ofOutputs(task, given);
  if (task.kind === 'weights') return weightsTask(task, context);
  if (task.kind === 'sdf') return sdfTask(task, context);
  return task.kind === 'classification' ? classificationTask(task, context) : outputsTask(task, context);
}

/** Networks whose architectures give the one output that a task compares. A task of weights runs none. */
function ofOutputs(task: UsedBy<typeof taskOptions>, given: Omit<TaskContext, 'architectures'>): TaskContext {
  const { architectures } = given.space;
  if (task.kind === 'weights') return { ...given, architectures };
  if (task.kind === 'sdf') {
    for (const architecture of architectures)
      refuseSeveralOutputs('trainNetSpace', architecture, "the task 'sdf' has no name of an output");
  }
  const output = 'output' in task ? task.output : undefined;
  return {
    ...given,
    architectures: architectures.map((architecture) => ofOutput('trainNetSpace', architecture, output)),
    instances: given.instances.map((instance) => instanceOfOutput('trainNetSpace', instance, output)),
  };
}

function netBatches(
  sampling: 'shuffled' | 'balanced',
  {
    space,
    instances,
    nets: size,
    seed,
  }: { readonly space: NetSpace; readonly instances: readonly Instance[]; readonly nets: number; readonly seed: number },
): Batches {
  if (sampling === 'shuffled')
    return shuffledBatches({ count: instances.length, size, seed, stream: 'nets', caller: 'trainNetSpace', option: 'batch.nets' });
  const groups = space.architectures.map((architecture) =>
    [...instances.keys()].filter((i) => instances[i]!.architecture.name === architecture.name),
  );
  return balancedBatches({
    groups: groups.filter((group) => group.length > 0),
    size,
    seed,
    stream: 'nets',
    caller: 'trainNetSpace',
    option: 'batch.nets',
  });
}

const stopped = (step: number, steps: number, path: string | undefined): NetSpaceError =>
  new NetSpaceError(
    'ABORTED',
    `trainNetSpace: stopped by its signal after step ${step} of ${steps}; ${path === undefined ? 'no checkpoint was written' : `resume from ${path}`}`,
  );
