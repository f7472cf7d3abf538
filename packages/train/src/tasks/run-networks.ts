import { unpackPRep, unpackPReps, type Architecture, type Instance } from '@netspace/prep';
import { oneOf, unstack, withDefault } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Whether networks of one architecture run together (`applyMany`) or one after the other. `auto` runs them together, but one after the
 * other on wasm, where most networks are faster that way. This was measured on two cores with 2 to 8 networks; eight LeNetLikes or more are
 * an exception.
 */
export const groupingOption = withDefault(oneOf(['auto', 'together', 'apart']), 'auto');
/** Whether networks of one architecture run together; see the option `grouping` of a task. */
export type Grouping = 'auto' | 'together' | 'apart';

/**
 * The inputs of networks: one batch that all see, or one batch for each, all of one size. The `applyMany` of their architecture has to
 * accept the latter.
 */
export type Inputs = tf.Tensor | readonly tf.Tensor[];

/** If a batch of inputs has more numbers than this, running copies of a network together costs more than running them one by one. */
export const LARGE_INPUTS = 500_000;

/**
 * Runs each PRep as the given architecture on its inputs, architecture by architecture. Differentiable in the PReps.
 *
 * @param preps `[K, H, W]`
 * @param classIds the architecture of each PRep, K of them
 * @returns the output of each network, `[batch, classes]`, in the order of the PReps
 */
export function runPReps(
  architectures: readonly Architecture[],
  preps: tf.Tensor3D,
  classIds: readonly number[],
  x: Inputs,
  grouping: Grouping = 'auto',
): tf.Tensor2D[] {
  return tf.tidy(() => {
    const rows = unstack(preps) as tf.Tensor2D[];
    const outputs = Array<tf.Tensor2D>(classIds.length);
    for (const [classId, places] of groupPlaces(classIds)) {
      const results = runGroup(
        architectures[classId]!,
        places.map((place) => rows[place]!),
        isOne(x) ? x : places.map((place) => x[place]!),
        grouping,
      );
      places.forEach((place, i) => (outputs[place] = results[i]!));
    }
    return outputs;
  });
}

/** Runs given networks on their inputs, one after the other, e.g. the targets, whose parameters are separate tensors. */
export const runInstances = (instances: readonly Instance[], x: Inputs): tf.Tensor2D[] =>
  instances.map(({ architecture, parameters }, i) => tf.tidy(() => architecture.apply(parameters, isOne(x) ? x : x[i]!)) as tf.Tensor2D);

const isOne = (x: Inputs): x is tf.Tensor => x instanceof tf.Tensor;

function runGroup(architecture: Architecture, preps: readonly tf.Tensor2D[], x: Inputs, grouping: Grouping): tf.Tensor2D[] {
  if (preps.length > 1 && architecture.applyMany !== undefined && runsTogether(grouping, isOne(x) ? x : x[0]!)) {
    const parameters = unpackPReps(tf.stack([...preps]) as tf.Tensor3D, architecture); // each [K, ...]
    return unstack(architecture.applyMany(parameters, isOne(x) ? x : tf.stack([...x]))) as tf.Tensor2D[]; // [K, batch, classes]
  }
  return preps.map((prep, i) => architecture.apply(unpackPRep(prep, architecture), isOne(x) ? x : x[i]!) as tf.Tensor2D);
}

const runsTogether = (grouping: Grouping, x: tf.Tensor): boolean =>
  grouping === 'auto' ? tf.getBackend() !== 'wasm' && x.size < LARGE_INPUTS : grouping === 'together';

/** The places of each ClassId, in the order in which they first appear. */
function groupPlaces(classIds: readonly number[]): [number, number[]][] {
  const groups = new Map<number, number[]>();
  classIds.forEach((classId, place) => {
    const places = groups.get(classId) ?? [];
    places.push(place);
    groups.set(classId, places);
  });
  return [...groups];
}
