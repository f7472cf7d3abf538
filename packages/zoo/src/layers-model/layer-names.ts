import type { Layer } from './graph.js';

/**
 * Names of layers that do not depend on what else the program has built.
 *
 * tf.layers numbers unnamed layers through the whole program (`conv2d_Conv2D7`); here they are numbered within the model (`conv2d_2`).
 */
export function layerNames(layers: Iterable<Layer>): ReadonlyMap<Layer, string> {
  const names = new Map<Layer, string>();
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  for (const layer of layers) {
    if (names.has(layer)) continue;
    const automatic = new RegExp(`^(\\w+)_${layer.getClassName()}\\d+$`).exec(layer.name);
    let name = layer.name;
    if (automatic !== null) {
      const count = (counts.get(automatic[1]!) ?? 0) + 1;
      counts.set(automatic[1]!, count);
      name = `${automatic[1]}_${count}`;
    }
    while (taken.has(name)) name += '_';
    taken.add(name);
    names.set(layer, name);
  }
  return names;
}
