import type { layers } from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;

/**
 * Names of layers that do not depend on other layers of the program.
 *
 * tf.layers numbers unnamed layers through the whole program (`conv2d_Conv2D7`), and so does Keras (`conv2d`, `conv2d_1`, …, `conv2d_7`).
 * Here they are numbered within the model, in the manner of the model's origin: the first is `conv2d_1` in a model of tf.layers and
 * `conv2d` in one of Keras.
 */
export function layerNames(layers: Iterable<Layer>): ReadonlyMap<Layer, string> {
  const counts = new Map<string, number>();
  const next = (base: string, first: number): number => {
    const count = counts.get(base) ?? first;
    counts.set(base, count + 1);
    return count;
  };
  return uniqueNames(layers, (layer) => {
    const base = snakeCase(layer.getClassName());
    if (new RegExp(`^${base}_${layer.getClassName()}\\d+$`).test(layer.name)) return `${base}_${next(base, 1)}`;
    if (!new RegExp(`^${base}(_\\d+)?$`).test(layer.name)) return layer.name;
    const count = next(base, 0);
    return count === 0 ? base : `${base}_${count}`;
  });
}

/** The names that earlier versions gave, with Keras' numbers unchanged. */
export function earlierLayerNames(layers: Iterable<Layer>): ReadonlyMap<Layer, string> {
  const counts = new Map<string, number>();
  return uniqueNames(layers, (layer) => {
    const base = new RegExp(`^(\\w+)_${layer.getClassName()}\\d+$`).exec(layer.name)?.[1];
    if (base === undefined) return layer.name;
    counts.set(base, (counts.get(base) ?? 0) + 1);
    return `${base}_${counts.get(base)}`;
  });
}

function uniqueNames(layers: Iterable<Layer>, nameOf: (layer: Layer) => string): ReadonlyMap<Layer, string> {
  const names = new Map<Layer, string>();
  const taken = new Set<string>();
  for (const layer of layers) {
    if (names.has(layer)) continue;
    let name = nameOf(layer);
    while (taken.has(name)) name += '_';
    taken.add(name);
    names.set(layer, name);
  }
  return names;
}

/** The name that tf.layers and Keras make from a class: `SeparableConv2D` → `separable_conv2d`. */
const snakeCase = (name: string): string =>
  name
    .replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
