import { LEAKY_SLOPE, type LayerGraph } from '../architectures/classifier-layers.js';

/** A layer as Keras' JSON has it. */
export interface KerasLayer {
  readonly name: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inbound_nodes: readonly unknown[];
}

/** Collects layers. */
export interface KerasGraph extends LayerGraph {
  readonly layers: readonly KerasLayer[];
}

export function kerasGraph(): KerasGraph {
  const layers: KerasLayer[] = [];
  const put = (name: string, class_name: string, from: readonly string[], config: Readonly<Record<string, unknown>>): string => {
    const inbound_nodes = from.length === 0 ? [] : [from.map((other) => [other, 0, 0, {}])];
    layers.push({ name, class_name, config: { name, trainable: true, dtype: 'float32', ...config }, inbound_nodes });
    return name;
  };
  const pad = (name: string, from: string, padding: number): string =>
    padding === 0 ? from : put(name, 'ZeroPadding2D', [from], { padding: [[padding, padding], [padding, padding]], data_format: 'channels_last' }); // prettier-ignore
  return {
    layers,
    input: (shape) => put('input', 'InputLayer', [], { batch_input_shape: [null, ...shape], sparse: false }),
    conv: (name, from, { filters, kernel, stride, padding }) =>
      put(name, 'Conv2D', [pad(`${name}.pad`, from, padding)], {
        ...{ filters, kernel_size: [kernel, kernel], strides: [stride, stride], padding: 'valid', data_format: 'channels_last' },
        ...{ dilation_rate: [1, 1], activation: 'linear', use_bias: true },
      }),
    leaky: (name, from) => put(name, 'LeakyReLU', [from], { alpha: LEAKY_SLOPE }),
    add: (name, from) => put(name, 'Add', from, {}),
    averagePool: (name, from, size) =>
      put(name, 'AveragePooling2D', [from], {
        pool_size: [size, size],
        strides: [size, size],
        padding: 'valid',
        data_format: 'channels_last',
      }),
    flatten: (from) => put('flatten', 'Flatten', [put('channels_first', 'Permute', [from], { dims: [3, 1, 2] })], {}),
    dense: (name, from, units) => put(name, 'Dense', [from], { units, activation: 'linear', use_bias: true }),
  };
}
