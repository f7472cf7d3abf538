import { unpackPRep, unpackPReps, type Architecture, type Instance } from '@netspace/prep';
import { oneOf, unstack, withDefault } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Whether networks of one architecture run together (`applyMany`) or one after the other. `auto`: together, but on wasm apart, where most
 * networks are faster so; measured on two cores at 2 to 8 networks, LeNetLikes from 8 on excepted.
 */
export const groupingOption = withDefault(oneOf(['auto', 'together', 'apart']), 'auto');
/** Whether networks of one architecture run together; see the option `grouping` of a task. */
export type Grouping = 'auto' | 'together' | 'apart';

/** What networks run on: one batch that all see, or one each, all of one size; their architecture's `applyMany` has to take such. */
export type Inputs = tf.Tensor | readonly tf.Tensor[];

/** Numbers in a batch of inputs from which on a network's copies together cost more than its calls apart. */
const LARGE_INPUTS = 500_000;

/**
 * Runs each PRep as the given architecture on its inputs, architecture by architecture. Differentiable in the PReps.
 *
 * @param preps `[K, H, W]`
 * @param classIds which of the architectures each PRep is, K of them
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

/** Runs given networks on their inputs, one after the other, e.g. the targets, whose parameters lie in tensors of their own. */
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

/** Places of each ClassId, in order of first appearance. */
function groupPlaces(classIds: readonly number[]): [number, number[]][] {
  const groups = new Map<number, number[]>();
  classIds.forEach((classId, place) => {
    const places = groups.get(classId) ?? [];
    places.push(place);
    groups.set(classId, places);
  });
  return [...groups];
}
