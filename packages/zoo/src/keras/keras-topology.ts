import type { Architecture } from '@netspace/prep';

import { classifierLayers } from '../architectures/classifier-layers.js';
import { kerasGraph } from './keras-graph.js';

/**
 * The layers of a classifier of the zoo as Keras writes them, which `tf.loadLayersModel` reads. Weights keep their order and axes; layers have
 * the names of the zoo's.
 *
 * @throws NetSpaceError `UNSUPPORTED` for an architecture that has no such form: a SIREN's sine is no activation of Keras
 */
export function kerasTopology(architecture: Architecture): object {
  const graph = kerasGraph();
  const { start, end } = classifierLayers('a TensorFlow.js model', architecture, graph);
  return {
    class_name: 'Model',
    config: {
      name: architecture.name.replaceAll(/[^\w.-]/g, '-'),
      layers: graph.layers,
      input_layers: [[start, 0, 0]],
      output_layers: [[end, 0, 0]],
    },
    keras_version: '2.15.0',
    backend: 'tensorflow',
  };
}
