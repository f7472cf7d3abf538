import * as tf from '@tensorflow/tfjs-core';

export interface ConvolutionSpeed {
  /** 10⁹ floating-point operations a second. */
  readonly gflopsForward: number;
  /** The same for both gradients together, which have twice as many operations. */
  readonly gflopsBackward: number;
}

const SIDE = 16;
const CHANNELS = 32;
const FILTER: [number, number, number, number] = [3, 3, CHANNELS, CHANNELS]; // HWIO
const OPERATIONS_PER_IMAGE = 2 * SIDE * SIDE * 3 * 3 * CHANNELS * CHANNELS;
/** More images than this would only take memory (8 MiB a tensor), so the call is repeated instead. */
const MAX_IMAGES = 256;

/**
 * Measures one fixed convolution, images of 16×16×32 with 32 filters of 3×3, on the current backend. The number of images, up to 256, is
 * chosen so that the call takes long enough to measure.
 *
 * @param seconds how long each of the two measurements should take at least
 */
export async function convolutionSpeed({ seconds = 0.25 }: { readonly seconds?: number } = {}): Promise<ConvolutionSpeed> {
  const gflopsForward = await gflops(1, seconds, ({ x, filter }) => [tf.conv2d(x, filter, 1, 'same')]);
  const gflopsBackward = await gflops(2, seconds, ({ x, filter, dy }) => {
    const attributes = { strides: [1, 1], pad: 'same', dataFormat: 'NHWC' };
    return [
      tf.engine().runKernel('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x.shape }),
      tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: FILTER }),
    ];
  });
  return { gflopsForward, gflopsBackward };
}

type Results = (tf.Tensor | tf.Tensor[])[];

interface Operands {
  readonly x: tf.Tensor4D;
  readonly filter: tf.Tensor4D;
  readonly dy: tf.Tensor4D;
}

/**
 * Uses more and more images, then more and more calls. Each series ends by reading a number back, because a GPU still works after the call.
 */
async function gflops(convolutions: number, seconds: number, run: (operands: Operands) => Results): Promise<number> {
  for (let work = 1; ; work *= 4) {
    const images = Math.min(work, MAX_IMAGES);
    const calls = work / images;
    const shape: [number, number, number, number] = [images, SIDE, SIDE, CHANNELS]; // NHWC
    const operands = { x: random(shape), filter: random(FILTER), dy: random(shape) };
    // The first call compiles and touches memory for the first time. This does not matter for long calls.
    if (work > 1) await finish(() => run(operands));
    const start = performance.now();
    for (let call = 1; call < calls; call++) tf.tidy(() => void run(operands));
    await finish(() => run(operands));
    const elapsed = (performance.now() - start) / 1000;
    tf.dispose([operands.x, operands.filter, operands.dy]);
    if (elapsed >= seconds) return (convolutions * OPERATIONS_PER_IMAGE * work) / elapsed / 1e9;
  }
}

const random = (shape: [number, number, number, number]): tf.Tensor4D => tf.randomNormal(shape);

/** Runs, and waits until it has run by reading one number of each result. */
async function finish(run: () => Results): Promise<void> {
  const numbers = tf.tidy(() =>
    run()
      .flat()
      .map((tensor) => tf.slice(tf.reshape(tensor, [-1]), 0, 1)),
  );
  await Promise.all(numbers.map((tensor) => tensor.data()));
  tf.dispose(numbers);
}
