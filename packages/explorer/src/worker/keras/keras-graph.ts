/** A layer as Keras' JSON has it. */
export interface KerasLayer {
  readonly name: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inbound_nodes: readonly unknown[];
}

/** Collects layers, each behind others by their names. */
export interface KerasGraph {
  readonly layers: readonly KerasLayer[];
  input(shape: readonly number[]): string;
  /** Zeros on each side, in pixels; nothing is added for none. */
  pad(name: string, from: string, padding: number): string;
  conv(name: string, from: string, options: ConvOptions): string;
  leaky(name: string, from: string): string;
  add(name: string, from: readonly [string, string]): string;
  averagePool(name: string, from: string, size: number): string;
  /** In PyTorch's order: channel by channel. */
  flatten(from: string): string;
  dense(name: string, from: string, units: number): string;
}

interface ConvOptions {
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
}

const LEAKY_SLOPE = 0.01;

export function kerasGraph(): KerasGraph {
  const layers: KerasLayer[] = [];
  const put = (name: string, class_name: string, from: readonly string[], config: Readonly<Record<string, unknown>>): string => {
    const inbound_nodes = from.length === 0 ? [] : [from.map((other) => [other, 0, 0, {}])];
    layers.push({ name, class_name, config: { name, trainable: true, dtype: 'float32', ...config }, inbound_nodes });
    return name;
  };
  return {
    layers,
    input: (shape) => put('input', 'InputLayer', [], { batch_input_shape: [null, ...shape], sparse: false }),
    pad: (name, from, padding) =>
      padding === 0 ? from : put(name, 'ZeroPadding2D', [from], { padding: [[padding, padding], [padding, padding]], data_format: 'channels_last' }), // prettier-ignore
    conv: (name, from, { filters, kernel, stride }) =>
      put(name, 'Conv2D', [from], {
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
