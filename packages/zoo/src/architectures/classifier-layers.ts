import { type Architecture, NetSpaceError } from '@netspace/prep';

/** Takes the layers of a network one after the other, each behind others by their names, and gives each its name. */
export interface LayerGraph {
  input(shape: readonly number[]): string;
  /** With zeros on each side, `padding` of them. */
  conv(name: string, from: string, options: ConvOptions): string;
  leaky(name: string, from: string): string;
  add(name: string, from: readonly [string, string]): string;
  averagePool(name: string, from: string, size: number): string;
  /** In PyTorch's order: channel by channel. */
  flatten(from: string): string;
  dense(name: string, from: string, units: number): string;
}

export interface ConvOptions {
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

/** Of all leaky rectifiers of the zoo, as PyTorch's. */
export const LEAKY_SLOPE = 0.01;

const IMAGE = /^(lenet-like|vanilla-cnn|resnet)(\d*)-(\d+)x(\d+)x\d+-\d+/;

/**
 * Writes down the layers of a classifier of the zoo. Layers have the names of the zoo's.
 *
 * @returns the name of the last
 * @throws NetSpaceError `UNSUPPORTED` for another architecture
 */
export function classifierLayers(
  caller: string,
  { name, parameters }: Architecture,
  graph: LayerGraph,
): { readonly start: string; readonly end: string } {
  const [, family, , channels, size] = IMAGE.exec(name) ?? [];
  if (family === undefined) {
    throw new NetSpaceError('UNSUPPORTED', `${caller}: expected a classifier of the zoo, got ${name}; take safetensors`);
  }
  const shapes = new Map(parameters.map(({ name: of, shape }) => [of, shape]));
  const conv = (of: string, from: string, { stride, padding }: { readonly stride: number; readonly padding: number }): string => {
    const [filters, , kernel] = shapes.get(`${of}.weight`)! as [number, number, number];
    return graph.conv(of, from, { filters, kernel, stride, padding });
  };
  const dense = (of: string, from: string): string => graph.dense(of, from, shapes.get(`${of}.weight`)![0]!);
  const start = graph.input([Number(size), Number(size), Number(channels)]);
  const build = { 'lenet-like': lenetLike, 'vanilla-cnn': vanillaCnn, resnet }[family as 'lenet-like' | 'vanilla-cnn' | 'resnet'];
  return { start, end: build({ graph, conv, dense, shapes, size: Number(size) }, start) };
}

interface Builder {
  readonly graph: LayerGraph;
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
