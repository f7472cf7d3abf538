import * as tf from '@tensorflow/tfjs-core';

/** One call of one kernel. */
export interface KernelCall {
  readonly kernel: string;
  /** Of its tensors. */
  readonly shapes: string;
  /** Without the kernels that it calls itself. */
  readonly milliseconds: number;
  /** Multiplications of a product or convolution, else 0. */
  readonly products: number;
  /** Of all tensors when it has run. */
  readonly bytesHeld: number;
}

type Inputs = Readonly<Record<string, { readonly shape: readonly number[] } | undefined>>;

/** Puts a stop watch into every kernel of a backend; `take` gives the calls since the last time. */
export function recordKernels(backend: string): { take(): KernelCall[] } {
  let calls: KernelCall[] = [];
  const nested: number[] = []; // time that callees have taken, for each kernel on the stack
  for (const config of tf.getKernelsForBackend(backend)) {
    const kernelFunc: tf.KernelFunc = (params) => {
      const { inputs, attrs } = params as { inputs: Inputs; attrs: tf.NamedAttrMap };
      nested.push(0);
      const start = performance.now();
      const result = config.kernelFunc(params);
      const whole = performance.now() - start;
      const others = nested.pop()!;
      const milliseconds = whole - others;
      const calledOthers = others > milliseconds;
      if (nested.length > 0) nested[nested.length - 1]! += whole;
      const output: tf.TensorInfo | undefined = Array.isArray(result) ? result[0] : result;
      calls.push({
        kernel: config.kernelName,
        shapes: `${describe(inputs)} → [${output?.shape}]`,
        milliseconds,
        products: calledOthers ? 0 : productsOf(config.kernelName, inputs, output?.shape ?? [], attrs),
        bytesHeld: tf.memory().numBytes + bytesOf(output),
      });
      return result;
    };
    tf.unregisterKernel(config.kernelName, backend);
    tf.registerKernel({ ...config, kernelFunc });
  }
  return {
    take() {
      const taken = calls;
      calls = [];
      return taken;
    },
  };
}

function describe(inputs: Inputs): string {
  const shapes = Object.values(inputs).map((input) => `[${input?.shape}]`);
  return shapes.length > 4 ? `${shapes.slice(0, 3).join(' ')} … (${shapes.length})` : shapes.join(' ');
}

const bytesOf = (output: tf.TensorInfo | undefined): number => (output === undefined ? 0 : 4 * size(output.shape));

const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

function productsOf(kernel: string, inputs: Inputs, output: readonly number[], attrs: tf.NamedAttrMap): number {
  const filterOf = (shape: readonly number[]): number => size(shape.slice(0, 3)); // taps · inputs
  switch (kernel) {
    case 'Conv2D':
    case 'FusedConv2D':
      return size(output) * filterOf(inputs['filter']!.shape);
    case 'Conv2DBackpropInput':
      return size(inputs['dy']!.shape) * filterOf(inputs['filter']!.shape);
    case 'Conv2DBackpropFilter':
      return size(inputs['dy']!.shape) * filterOf(attrs['filterShape'] as number[]);
    case 'BatchMatMul':
    case '_FusedMatMul': {
      const a = inputs['a']!.shape;
      return size(output) * (attrs['transposeA'] ? a.at(-2)! : a.at(-1)!);
    }
    default:
      return 0;
  }
}
