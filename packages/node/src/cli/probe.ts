import { rawToFloat32, readCheckpoint, type RawTensor } from '@netspace/formats';
import { NetSpaceError, type Instance } from '@netspace/prep';
import { refuseSeveralOutputs } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { readBytes } from './files/instance-file.js';

/** How a network compares with outputs that PyTorch saved. */
export interface ProbeResult {
  /** The largest absolute difference of an output. */
  readonly difference?: number;
  /** The largest absolute value of PyTorch's outputs. */
  readonly largest?: number;
}

/**
 * Runs a network on a probe's input and compares its outputs with the probe's.
 *
 * A probe is a safetensors file or a PyTorch checkpoint with the tensors `input` (`[batch, channels, height, width]` or
 * `[batch, coordinates]`) and `output` (`[batch, outputs]`), both from PyTorch. Names and shapes may fit where the function does not: a
 * LeNet with ReLU has the weights of one with leaky ReLU.
 *
 * @param tolerance largest difference, as a fraction of the outputs' largest size
 * @throws NetSpaceError `UNSUPPORTED` if the outputs differ, or the network has several, `NOT_FOUND` if the file has no `input` or `output`, `SHAPE_MISMATCH` if they
 *   are of another network
 */
export async function compareWithProbe({ architecture, parameters }: Instance, file: string, tolerance: number): Promise<ProbeResult> {
  refuseSeveralOutputs('zoo import --probe', architecture, 'a probe holds one: leave --probe out');
  const tensors = readCheckpoint(await readBytes(file));
  const [input, output] = [tensorNamed(tensors, 'input', file), tensorNamed(tensors, 'output', file)];
  const outputs = tf.tidy(() => {
    const x = tf.tensor(rawToFloat32(input), [...input.shape]);
    return architecture.apply(parameters, x.rank === 4 ? tf.transpose(x, [0, 2, 3, 1]) : x);
  });
  const got = await outputs.data();
  outputs.dispose();
  const expected = rawToFloat32(output);
  if (expected.length !== got.length) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${file}: expected outputs [${outputs.shape}] of ${architecture.name}, got [${output.shape}]; save them with netspace_zoo.save_probe`,
    );
  }
  const difference = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - got[i]!)), 0);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(difference <= tolerance * largest)) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `${file}: expected the outputs that PyTorch saved, got a difference of ${difference.toPrecision(3)} where the largest output is ${largest.toPrecision(3)}; ` +
        `the file's weights fit ${architecture.name}, but it is another network: compare strides, padding and activation with netspace_zoo.py`,
    );
  }
  return { difference, largest };
}

function tensorNamed(tensors: ReadonlyMap<string, RawTensor>, name: string, file: string): RawTensor {
  const tensor = tensors.get(name);
  if (tensor !== undefined) return tensor;
  throw new NetSpaceError(
    'NOT_FOUND',
    `${file}: expected tensors named input and output, got ${[...tensors.keys()].slice(0, 5).join(', ') || 'none'}; save them with netspace_zoo.save_probe`,
  );
}
