import { type Architecture, NetSpaceError } from '@netspace/prep';

import { type KerasGraph, kerasGraph } from './keras-graph.js';

const IMAGE = /^(lenet-like|vanilla-cnn|resnet)(\d*)-(\d+)x(\d+)x\d+-\d+/;

/**
 * The layers of a classifier of the zoo as Keras writes them, which `tf.loadLayersModel` reads. Weights keep their order and axes; layers have
 * the names of the zoo's.
 *
 * @throws NetSpaceError `UNSUPPORTED` for an architecture that has no such form: a SIREN's sine is no activation of Keras
 */
export function kerasTopology({ name, parameters }: Architecture): object {
  const [, family, , channels, size] = IMAGE.exec(name) ?? [];
  if (family === undefined) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `download: expected a classifier of the zoo to write as a TensorFlow.js model, got ${name}, which Keras has no layers for; download safetensors`,
    );
  }
  const graph = kerasGraph();
  const shapes = new Map(parameters.map(({ name: of, shape }) => [of, shape]));
  const conv = (of: string, from: string, { stride, padding }: { readonly stride: number; readonly padding: number }): string => {
    const [filters, , kernel] = shapes.get(`${of}.weight`)! as [number, number, number];
    return graph.conv(of, graph.pad(`${of}.pad`, from, padding), { filters, kernel, stride });
  };
  const dense = (of: string, from: string): string => graph.dense(of, from, shapes.get(`${of}.weight`)![0]!);
  const start = graph.input([Number(size), Number(size), Number(channels)]);
  const build = { 'lenet-like': lenetLike, 'vanilla-cnn': vanillaCnn, resnet }[family as 'lenet-like' | 'vanilla-cnn' | 'resnet'];
  const end = build({ graph, conv, dense, shapes, size: Number(size) }, start);
  return {
    class_name: 'Model',
    config: { name: name.replaceAll(/[^\w.-]/g, '-'), layers: graph.layers, input_layers: [[start, 0, 0]], output_layers: [[end, 0, 0]] },
    keras_version: '2.15.0',
    backend: 'tensorflow',
  };
}

interface Builder {
  readonly graph: KerasGraph;
  readonly conv: (name: string, from: string, options: { readonly stride: number; readonly padding: number }) => string;
  readonly dense: (name: string, from: string) => string;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly size: number;
}

function lenetLike({ graph, conv, dense, size }: Builder, start: string): string {
  const paddings = size < 48 ? [0, 0] : [2, 0, 0];
  let x = start;
  paddings.forEach((padding, i) => (x = graph.leaky(`conv${i + 1}.leaky`, conv(`conv${i + 1}`, x, { stride: 2, padding }))));
  x = graph.flatten(x);
  for (const name of ['fc1', 'fc2']) x = graph.leaky(`${name}.leaky`, dense(name, x));
  return dense('fc3', x);
}

function vanillaCnn({ graph, conv, dense, size }: Builder, start: string): string {
  const strides = size < 48 ? [2, 1, 2, 1, 2] : [2, 2, 2, 2, 2];
  let x = start;
  strides.forEach((stride, i) => (x = graph.leaky(`layers.${i}.leaky`, conv(`layers.${i}`, x, { stride, padding: 1 }))));
  return dense('layers.5', graph.flatten(x));
}

function resnet({ graph, conv, dense, shapes, size }: Builder, start: string): string {
  let x = graph.leaky('conv1.leaky', conv('conv1', start, { stride: 1, padding: 1 }));
  const blocks = [...shapes.keys()].filter((name) => name.endsWith('.conv1.weight')).map((name) => name.slice(0, -'.conv1.weight'.length));
  for (const block of blocks) {
    const downsample = shapes.has(`${block}.downsample.weight`);
    const stride = downsample ? 2 : 1;
    const identity = downsample ? conv(`${block}.downsample`, x, { stride, padding: 0 }) : x;
    const hidden = graph.leaky(`${block}.conv1.leaky`, conv(`${block}.conv1`, x, { stride, padding: 1 }));
    x = graph.leaky(`${block}.leaky`, graph.add(`${block}.add`, [conv(`${block}.conv2`, hidden, { stride: 1, padding: 1 }), identity]));
  }
  const last = Math.ceil(Math.ceil(size / 2) / 2); // two stages of stride 2
  return dense('fc', graph.flatten(graph.averagePool('pool', x, Math.min(8, last))));
}
