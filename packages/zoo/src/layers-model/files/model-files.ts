import { type Architecture, type Instance, NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';

import type { ModelFile } from '../../keras/keras-model.js';
import type { Layer } from '../graph/graph.js';
import { planOf } from '../made-of.js';
import { topologyOf } from './model-file.js';
import { variableLayouts } from '../parameters/parameter-layout.js';
import type { Affine, Plan } from '../plan.js';

/**
 * Refuses an architecture whose networks cannot be written as the model that it was read of.
 *
 * @throws NetSpaceError `UNSUPPORTED` if it was read of no file of a `tf.LayersModel`
 */
export function checkModelFiles(architecture: Architecture): { readonly plan: Plan; readonly topology: object } {
  const [plan, topology] = [planOf(architecture), topologyOf(architecture)];
  if (plan !== undefined && topology !== undefined) return { plan, topology };
  throw new NetSpaceError('UNSUPPORTED', `a TensorFlow.js model: expected an architecture that was read of the model.json of one, got ${architecture.name}; take safetensors`); // prettier-ignore
}

/**
 * A network as the two files of the `tf.LayersModel` that its architecture was read of, with other weights: `tf.loadLayersModel` opens it.
 *
 * A folded batch norm is written as one that does nothing, or only adds what it has to.
 *
 * @throws NetSpaceError as {@link checkModelFiles}, and for a norm without a scale of its own that would need one
 */
export async function modelFiles({ architecture, parameters }: Instance): Promise<readonly ModelFile[]> {
  const { plan, topology } = checkModelFiles(architecture);
  const values = new Map<LayerVariable, tf.Tensor>();
  const tensors = tf.tidy(() => {
    plan.bindings.forEach(({ variable }, i) => variable && values.set(variable, parameters[i]!));
    for (const [layer, affine] of plan.norms) {
      const variables = plan.units.flat().find((unit) => unit.layer === layer)!.variables;
      for (const [variable, value] of normValues({ layer, variables, affine }, parameters)) values.set(variable, value);
    }
    return plan.model.weights.map((weight) => tf.reshape(values.get(weight)!, sizesOf(weight)));
  });
  const weights = plan.model.weights.map((weight) => ({ name: weight.originalName, shape: sizesOf(weight), dtype: 'float32' }));
  const numbers = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>())).finally(() => tf.dispose(tensors));
  const data = new Float32Array(numbers.reduce((sum, { length }) => sum + length, 0));
  numbers.reduce((at, part) => (data.set(part, at), at + part.length), 0);
  const json = {
    ...{ format: 'layers-model', generatedBy: 'NetSpace', convertedBy: `TensorFlow.js ${tf.version_core}`, modelTopology: topology },
    weightsManifest: [{ paths: ['weights.bin'], weights }],
    userDefinedMetadata: { architecture: architecture.name },
  };
  return [
    { name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(json)) },
    { name: 'weights.bin', bytes: new Uint8Array(data.buffer) },
  ];
}

const sizesOf = ({ shape }: LayerVariable): number[] => shape.map((size) => size ?? 0);

/** Beside this variance no epsilon is seen in float32. Its root is 2¹⁰. */
const VARIANCE = 2 ** 20;

interface Norm {
  readonly layer: Layer;
  readonly variables: readonly LayerVariable[];
  readonly affine: Affine;
}

/** Statistics, scale and shift of a norm that gives `x · scale + shift`. */
function normValues({ layer, variables, affine }: Norm, parameters: readonly tf.Tensor[]): (readonly [LayerVariable, tf.Tensor])[] {
  const layouts = variableLayouts(variables, layer);
  const of = (role: string) => layouts.find((layout) => layout.role === role)?.variable;
  const [channels = 0] = layouts[0]!.shape;
  const [gamma, beta] = [of('weight'), of('bias')];
  const scale = affine.scale === undefined ? tf.ones([channels]) : parameters[affine.scale]!;
  const shift = affine.shift === undefined ? tf.zeros([channels]) : parameters[affine.shift]!;
  if ((gamma === undefined || beta === undefined) && affine.scale !== undefined) {
    throw new NetSpaceError('UNSUPPORTED', `a TensorFlow.js model: expected a batch norm with scale and center, got ${layer.name} without; take safetensors`); // prettier-ignore
  }
  const epsilon = Number(layer.getConfig()['epsilon']);
  const values = {
    weight: tf.mul(scale, Math.sqrt(VARIANCE)),
    bias: shift,
    moving_mean: beta === undefined ? tf.neg(shift) : tf.zeros([channels]), // the scale is 1 then
    moving_variance: tf.fill([channels], gamma === undefined ? 1 - epsilon : VARIANCE),
  };
  return layouts.map(({ variable, role }) => [variable, values[role as keyof typeof values]]);
}
