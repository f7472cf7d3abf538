import { instanceFromRawTensors, type RawTensor } from '@netspace/formats';
import { NetSpaceError, type Architecture, type Instance, type ParameterSpec } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

type Specs = Architecture['parameters'];
type EarlierSpecs = readonly (ParameterSpec | undefined)[];

const earlier = new WeakMap<Specs, EarlierSpecs>();

/** Keeps how earlier versions named and laid out the parameters of a tf.LayersModel. */
export function rememberEarlier(specs: Specs, before: EarlierSpecs): void {
  earlier.set(specs, before);
}

/** What new files of architectures whose parameters were once named or laid out otherwise say, to be told from old ones. */
export const layoutMetadata = ({ parameters }: Architecture): Record<string, string> => (earlier.has(parameters) ? { layout: '2' } : {});

/**
 * Reads a stored instance, in the names and the layout of the version that wrote it.
 *
 * Files without `layout` are of versions that took Keras' running numbers into names, so that those of the file may be another model's (the
 * order tells which is which), and kept TensorFlow's order behind flattened images.
 *
 * @throws NetSpaceError `UNSUPPORTED` if that version had other parameters for a model of this kind; as `instanceFromRawTensors` otherwise
 */
export function instanceFromStored(
  architecture: Architecture,
  tensors: ReadonlyMap<string, RawTensor>,
  metadata: Readonly<Record<string, string>>,
): Instance {
  const before = earlier.get(architecture.parameters);
  if (before === undefined || metadata['layout'] === '2') return instanceFromRawTensors(architecture, tensors);
  const specs = before.filter((spec) => spec !== undefined);
  if (specs.length !== before.length || specs.length !== tensors.size) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `load: expected the ${before.length} parameters of ${architecture.name}, got ${tensors.size} as an earlier version kept them; add the model to a store again`,
    );
  }
  const files = [...tensors];
  const inOrder = files.every(([, { shape }], i) => tf.util.arraysEqual([...shape], [...specs[i]!.shape]));
  const parameters = inOrder ? specs.map((spec, i) => ({ ...spec, name: files[i]![0] })) : specs;
  // Folded then as now, and under names that now may be those of a norm.
  return { architecture, parameters: instanceFromRawTensors({ ...architecture, parameters, batchNorms: [] }, tensors).parameters };
}
