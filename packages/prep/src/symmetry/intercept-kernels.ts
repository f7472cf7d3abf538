import * as tf from '@tensorflow/tfjs-core';

export type Inputs = Record<string, tf.Tensor | null | undefined>;
export type Tensors = tf.Tensor | tf.Tensor[];

/** Runs a kernel of TensorFlow.js. */
export type RunKernel = (kernel: string, inputs: Inputs, attributes: Readonly<Record<string, unknown>>) => Tensors;

/**
 * Runs a task while its kernel calls go through a function. Kernels that kernels call go on as before.
 *
 * The engine of TensorFlow.js has another `runKernel` until the task returns; nothing is recorded for gradients, nothing is awaited, and nothing
 * stays behind.
 *
 * @param instead gets the kernel that would run, and the number of the call from 1 up
 */
export function interceptKernels<T>(
  instead: (run: RunKernel, call: number, ...kernel: Parameters<RunKernel>) => Tensors,
  task: () => T,
): T {
  const engine = tf.engine();
  const runKernel = engine.runKernel.bind(engine) as RunKernel;
  const { gradientDepth } = engine.state;
  const before = Object.getOwnPropertyDescriptor(engine, 'runKernel');
  let calls = 0;
  let isInside = false;
  const value = (kernel: string, inputs: Inputs, attributes: Readonly<Record<string, unknown>> = {}): Tensors => {
    if (isInside) return runKernel(kernel, inputs, attributes);
    isInside = true;
    try {
      return instead(runKernel, ++calls, kernel, inputs, attributes);
    } finally {
      isInside = false;
    }
  };
  Object.defineProperty(engine, 'runKernel', { value, configurable: true, writable: true });
  try {
    engine.state.gradientDepth = 0;
    return task();
  } finally {
    engine.state.gradientDepth = gradientDepth;
    if (before === undefined) Reflect.deleteProperty(engine, 'runKernel');
    else Object.defineProperty(engine, 'runKernel', before);
  }
}
