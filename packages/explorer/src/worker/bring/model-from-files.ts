import { parseModelJson } from '@netspace/model/internal';
import { type Architecture, disposeInstances, type Instance, NetSpaceError } from '@netspace/prep';
import { instanceFromLayersModel } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

import { isRunnable } from '../places/is-runnable.js';
import type { DroppedFile } from '../messages/protocol.js';
import { baseName, type BroughtInstance, fitsNone } from './brought-instance.js';

/** How far outputs may lie apart, in units of the largest. */
const TOLERANCE = 1e-3;

/**
 * A network from a `tf.LayersModel`. Equal names and shapes do not make equal networks: what it says of random inputs is compared too.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if it is no model or shards are missing, `NOT_FOUND` if it is of no architecture here
 */
export async function modelFromFiles(
  architectures: readonly Architecture[],
  json: DroppedFile,
  files: readonly DroppedFile[],
): Promise<BroughtInstance> {
  const model = await load(json, files);
  try {
    const reasons: string[] = [];
    for (const architecture of architectures) {
      try {
        const instance = await instanceFromLayersModel(model, architecture);
        const difference = isRunnable(architecture) ? await largestDifference(model, instance) : undefined;
        if (difference !== undefined && difference <= TOLERANCE) return { instance, name: baseName(json.name) };
        disposeInstances([instance]);
        reasons.push(`${architecture.name}: ${difference === undefined ? 'this page cannot run it' : 'it has these parameters and computes with them otherwise'}`); // prettier-ignore
      } catch (error) {
        if (!(error instanceof NetSpaceError)) throw error;
        reasons.push(`${architecture.name}: ${error.message}`);
      }
    }
    throw fitsNone(json.name, reasons);
  } finally {
    model.dispose();
  }
}

async function load(json: DroppedFile, files: readonly DroppedFile[]): Promise<LayersModel> {
  const parsed = parseModelJson('bring', json.name, new Uint8Array(json.bytes));
  const folder = json.name.slice(0, json.name.lastIndexOf('/') + 1);
  const artifacts = await tf.io.getModelArtifactsForJSON(parsed, (manifest) => {
    const shards = manifest
      .flatMap(({ paths }) => paths)
      .map((path) => {
        const shard =
          files.find(({ name }) => name === folder + path) ?? files.find(({ name }) => name.split('/').pop() === path.split('/').pop());
        if (shard === undefined) throw new NetSpaceError('CORRUPT_FILE', `bring: expected the file ${path} beside ${json.name}, got none; drop all files of the model together`); // prettier-ignore
        return shard.bytes;
      });
    return Promise.resolve([tf.io.getWeightSpecs(manifest), shards]);
  });
  const { loadLayersModel } = await import('./layers.js');
  try {
    return await loadLayersModel(tf.io.fromMemory(artifacts));
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new NetSpaceError(
      'CORRUPT_FILE',
      `bring: expected a tf.LayersModel in ${json.name}, got: ${words}; save it again with model.save`,
      { cause },
    );
  }
}

/** Of logits, or of probabilities where the model ends in softmax, on the same random inputs. */
async function largestDifference(model: LayersModel, { architecture, parameters }: Instance): Promise<number> {
  const value = tf.tidy(() => {
    const shape = (model.inputs[0]?.shape ?? []).map((side, axis) => (axis === 0 ? 4 : (side ?? 1)));
    const x = tf.randomNormal(shape, 0, 1, 'float32', 11);
    const own = model.predict(x) as tf.Tensor;
    const logits = architecture.apply(parameters, x);
    if (!tf.util.arraysEqual(own.shape, logits.shape)) return tf.scalar(Infinity);
    const apart = (other: tf.Tensor) => tf.div(tf.max(tf.abs(tf.sub(own, other))), tf.maximum(tf.max(tf.abs(own)), 1e-6));
    return tf.minimum(apart(logits), apart(tf.softmax(logits)));
  });
  const [difference] = await value.data();
  value.dispose();
  return difference!;
}
