import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';

import { isBuiltIn } from './built-in.js';
import type { Layer } from './graph.js';

/**
 * A layer of a model, or a layer inside one: in a wrapper, a recurrent layer, a nested model, or a user's layer that is built of others.
 */
export interface InnerLayer {
  readonly layer: Layer;
  /** Names of the properties that lead to it, if a user's own layer holds it: `block.0`. Empty for a layer by itself. */
  readonly path: string;
  /** Its own weights, without those of the layers inside it, in the order in which they were made, whether frozen or not. */
  readonly variables: readonly LayerVariable[];
}

/**
 * A layer and all layers inside it, each once, outer ones first.
 *
 * @throws NetSpaceError `UNSUPPORTED` naming the layer, if one of them computes with something that is no weight (a tensor, a function, a
 * state, random numbers), or has weights that are not float32 or not built yet
 */
export function layersInside(caller: string, root: Layer): readonly InnerLayer[] {
  const found: InnerLayer[] = [];
  const visit = (layer: Layer, path: string): void => {
    if (found.some((other) => other.layer === layer)) return;
    checkLayer(caller, root, layer);
    const parts = isBuiltIn(layer) ? builtInParts(layer) : customParts(caller, layer);
    // A recurrent layer that another layer builds is never marked as built, but its cell is.
    if (parts.layers.length === 0 && !layer.built) {
      throw refused(caller, root, layer, 'layers that have been built, got one without weights', 'call model.predict once before');
    }
    const at = found.push({ layer, path, variables: [] }) - 1;
    for (const part of parts.layers) visit(part.layer, [path, part.path].filter(Boolean).join('.'));
    const theirs = new Set(found.slice(at + 1).flatMap(({ variables }) => variables));
    const variables = [...new Set([...layer.weights, ...parts.variables])].filter((variable) => !theirs.has(variable));
    if (parts.layers.length > 0 && isBuiltIn(layer)) variables.length = 0; // a wrapper has no weights of its own
    for (const { dtype, originalName } of variables) {
      if (dtype !== 'float32') {
        throw refused(caller, root, layer, `float32 variables, got ${dtype} ${originalName}`, 'leave the layer out');
      }
    }
    found[at] = { layer, path, variables: variables.sort((a, b) => a.id - b.id) };
  };
  visit(root, '');
  return found;
}

interface Parts {
  readonly layers: readonly Pick<InnerLayer, 'layer' | 'path'>[];
  readonly variables: readonly LayerVariable[];
}

type Wrapping = Layer & Partial<Record<'layer' | 'forwardLayer' | 'backwardLayer' | 'cell', Layer> & Record<'layers' | 'cells', Layer[]>>;

function builtInParts(layer: Wrapping): Parts {
  const { forwardLayer, backwardLayer, cell, cells, layers } = layer;
  // Bidirectional's `layer` is only the pattern of the two that run.
  const inner = forwardLayer === undefined ? [layer.layer, cell, ...(cells ?? layers ?? [])] : [forwardLayer, backwardLayer];
  return { layers: inner.filter((part) => part !== undefined).map((part) => ({ layer: part, path: '' })), variables: [] };
}

/** The values in the properties of a user's own layer. */
function customParts(caller: string, owner: Layer): Parts {
  const layers: { layer: Layer; path: string }[] = [];
  const variables: LayerVariable[] = [];
  const seen = new Set<unknown>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value === 'function') {
      if (path in Object.getPrototypeOf(owner)) return; // a method that was bound
      throw refused(caller, owner, owner, `a layer that its configuration describes, got a function in ${path}`, CUSTOM_REMEDY);
    }
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (isLayer(value)) layers.push({ layer: value, path });
    else if (isLayerVariable(value)) variables.push(value);
    else if (value instanceof tf.Tensor) {
      const what = value instanceof tf.Variable ? 'variable' : 'tensor';
      throw refused(
        caller,
        owner,
        owner,
        `weights made with addWeight, got a ${what} in ${path}`,
        'make it with addWeight, or use plain numbers',
      );
    } else {
      const entries = value instanceof Map || value instanceof Set ? [...value.entries()] : Object.entries(value);
      for (const [key, part] of entries) visit(part, `${path}.${String(key)}`);
    }
  };
  for (const [key, value] of Object.entries(owner)) if (!BASE_PROPERTIES.has(key)) visit(value, key);
  return { layers, variables };
}

const CUSTOM_REMEDY = 'write it as a class of its own whose getConfig says what it computes';

/** Properties that every layer has. Nodes lead to the layer's neighbors. */
export const BASE_PROPERTIES = new Set(
  `id name trainable_ batchInputShape dtype inputSpec supportsMasking activityRegularizer initialWeights fastWeightInitDuringBuild
  inboundNodes outboundNodes _trainableWeights _nonTrainableWeights _losses _updates _built _refCount _callHook _addedWeightNames
  _stateful`.split(/\s+/),
);

export const isLayer = (value: object): value is Layer => 'getClassName' in value && 'inboundNodes' in value && 'call' in value;

const isLayerVariable = (value: object): value is LayerVariable => 'originalName' in value && 'read' in value && 'write' in value;

function checkLayer(caller: string, root: Layer, layer: Layer): void {
  if (layer.stateful)
    throw refused(caller, root, layer, 'layers without state between calls, got a stateful one', 'build it with stateful: false');
  if (RANDOM.has(layer.getClassName()))
    throw refused(caller, root, layer, 'layers that always compute the same, got a random one', 'leave it out');
  if (dependsOnBackend(layer)) {
    throw refused(caller, root, layer, "a window of at least its stride with padding 'same', got a smaller one, which TensorFlow.js places otherwise on cpu and wasm than Keras does", "build it with padding: 'valid', which is what Keras computes"); // prettier-ignore
  }
}

/** In three dimensions TensorFlow.js pads by less than nothing on some backends where a window is smaller than its stride. */
function dependsOnBackend(layer: Layer): boolean {
  if (!WINDOWS_3D.has(layer.getClassName())) return false;
  const { padding, kernelSize, poolSize, strides } = layer.getConfig() as Readonly<Record<string, unknown>>;
  const [window, stride] = [kernelSize ?? poolSize, strides ?? poolSize].map((sizes) => (Array.isArray(sizes) ? (sizes as number[]) : [1, 1, 1].map(() => Number(sizes)))) as [number[], number[]]; // prettier-ignore
  return padding === 'same' && window.some((size, axis) => size < stride[axis]!);
}

const WINDOWS_3D = new Set(['Conv3D', 'MaxPooling3D', 'AveragePooling3D']);

/** Layers that are random at inference too. */
const RANDOM = new Set(['RandomWidth', 'RandomHeight']);

function refused(caller: string, root: Layer, layer: Layer, expected: string, remedy: string): NetSpaceError {
  const where = layer === root ? layer.name : `${layer.name} in ${root.name}`;
  return new NetSpaceError('UNSUPPORTED', `${caller}: ${where} (${layer.getClassName()}): expected ${expected}; ${remedy}`);
}
