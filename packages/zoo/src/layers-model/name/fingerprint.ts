import { hashOf } from '@netspace/prep/internal';

import { isBuiltIn } from '../graph/built-in.js';
import type { Layer } from '../graph/graph.js';
import { BASE_PROPERTIES, isLayer } from '../graph/inner-layers.js';
import type { Plan } from '../plan.js';

/** A description of what one call of a layer computes, without values, names and training. */
export interface LayerDescription {
  /** The name in the model, for messages. */
  readonly name: string;
  readonly className: string;
  /** From the configuration of tf.layers, and from the properties of the user's own layers. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly weights: string;
  readonly inputs: string;
  readonly outputs: string;
}

/** A description of what a model computes. */
export interface ModelDescription {
  readonly inputShapes: readonly (readonly (number | null)[])[];
  readonly layers: readonly LayerDescription[];
  readonly ends: readonly number[];
}

export function describeModel({ graph: { calls, outputs: ends, inputShapes }, units }: Plan): ModelDescription {
  const unitOf = new Map(units.map((unit) => [unit[0]!.layer, unit]));
  const layers = calls.map(({ layer, inputs, outputs }): LayerDescription => {
    const unit = unitOf.get(layer)!;
    const strange = unit.some((inner) => !isBuiltIn(inner.layer));
    const inside = unit.map(({ layer: inner, path }) => [path, inner.getClassName(), relevant(inner.getConfig()), propertiesOf(inner)]);
    return {
      name: layer.name,
      className: layer.getClassName(),
      settings: { ...relevant(layer.getConfig()), ...(strange ? { inside } : {}) },
      weights: JSON.stringify(weightShapes(layer)),
      inputs: inputs.join(),
      outputs: outputs.join(),
    };
  });
  return { inputShapes, layers, ends };
}

/** 52 bits that distinguish models by what they compute, not by their names, values or training. */
export function fingerprint(plan: Plan): string {
  const { calls, outputs: ends, inputShapes } = plan.graph;
  const described = calls.map(({ layer, inputs, outputs }) => [
    layer.getClassName(),
    layer.getConfig(),
    weightShapes(layer),
    inputs,
    outputs,
  ]);
  const strange = describeModel(plan).layers.flatMap(({ settings }) => settings['inside'] ?? []);
  // Models of tf.layers' own layers have had the same name since version 0.
  return hashOf(
    JSON.stringify([alone(inputShapes), described, alone(ends), ...strange], (key, value: unknown) =>
      isRelevant(key) ? value : undefined,
    ),
  );
}

/** The one of a list of one, so that models of one input and output have the names that they always had. */
const alone = <T>(list: readonly T[]): T | readonly T[] => (list.length === 1 ? list[0]! : list);

/** The first difference of two models, in words. */
export function firstDifference(expected: ModelDescription, got: ModelDescription): string | undefined {
  const shape = (sizes: readonly (number | null)[]) => `[${sizes.map((size) => size ?? 'any').join(', ')}]`;
  const [names, others] = [expected, got].map(({ layers }) => layers.map(({ className }) => className).join(', '));
  if (names !== others) return `layers ${names}, got ${others}`;
  const [taken, given] = [expected, got].map(({ inputShapes }) => inputShapes.map((sizes) => shape(sizes.slice(1))).join(' and '));
  if (taken !== given) return `inputs of ${taken}, got ${given}`;
  for (const [i, layer] of expected.layers.entries()) {
    const other = got.layers[i]!;
    const where = `of layer ${i + 1} (${other.name})`;
    for (const key of new Set([...Object.keys(layer.settings), ...Object.keys(other.settings)])) {
      const [a, b] = [layer, other].map(({ settings }) =>
        JSON.stringify(settings[key] ?? null, (k, value: unknown) => (isRelevant(k) ? value : undefined)),
      );
      if (a !== b) return `${key} ${a} ${where}, got ${b}`;
    }
    if (layer.weights !== other.weights) return `weights ${layer.weights} ${where}, got ${other.weights}`;
    if (layer.inputs !== other.inputs || layer.outputs !== other.outputs)
      return `the inputs ${where} to come from the same layers as in the architecture`;
  }
  return expected.ends.join() === got.ends.join() ? undefined : "the architecture's layers as outputs";
}

const isRelevant = (key: string): boolean => !IRRELEVANT.test(key);

const IRRELEVANT =
  /^(name|trainable|dtype|batchInputShape|batchSize|momentum|seed|activityRegularizer|.*(Initializer|Regularizer|Constraint))$/;

const relevant = (config: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(config as Record<string, unknown>).filter(([key]) => isRelevant(key)));

/** In the order in which they were made, whether frozen or not. */
const weightShapes = (layer: Layer): readonly (readonly (number | null)[])[] =>
  [...layer.weights].sort((a, b) => a.id - b.id).map(({ shape }) => shape);

/**
 * Numbers, strings and lists that a user's own layer holds. Its result may depend on them, whether they are in its configuration or not.
 */
function propertiesOf(layer: Layer): Record<string, unknown> {
  if (isBuiltIn(layer)) return {};
  const plain = (value: unknown, depth = 0): unknown => {
    if (value === null || ['number', 'string', 'boolean', 'bigint'].includes(typeof value))
      return typeof value === 'number' ? value : String(value);
    if (typeof value !== 'object' || depth > 4 || isLayer(value) || 'originalName' in value) return undefined;
    if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array);
    const entries = value instanceof Map || value instanceof Set ? [...value.entries()] : Object.entries(value);
    return entries.map(([key, part]): unknown => [String(key), plain(part, depth + 1)]);
  };
  const own = Object.entries(layer).filter(([key]) => !BASE_PROPERTIES.has(key) && isRelevant(key));
  return Object.fromEntries(own.map(([key, value]) => [key, plain(value)]));
}
