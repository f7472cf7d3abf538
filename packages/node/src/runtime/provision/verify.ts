import { NetSpaceError } from '@netspace/prep';

import { childResult, forkScript } from '../process/child-script.js';
import type { TfjsNodeFacts, TfjsNodeKind } from '../tensorflow/tfjs-node.js';

export interface Verification extends TfjsNodeFacts {
  /** Largest difference from the cpu backend, relative to each tensor's largest entry. */
  readonly error: number;
}

/** Rounding in float32; GPUs round the factors of a product to 11 bits by default (TF32). */
const TOLERANCE: Readonly<Record<TfjsNodeKind, number>> = { cpu: 1e-5, gpu: 5e-3 };

/**
 * Loads a tfjs-node in a process of its own and compares a convolution and its gradients with the cpu backend.
 *
 * @throws NetSpaceError `UNAVAILABLE` if it does not load, crashes or computes something else
 */
export async function verifyTfjsNode(directory: string, kind: TfjsNodeKind): Promise<Verification> {
  const child = forkScript('runtime/provision/verify-main', { args: [directory] });
  const { message, failure } = await childResult(child, { seconds: 120, isMessage: isVerification });
  if (message === undefined) {
    throw new NetSpaceError(
      'UNAVAILABLE',
      `installNativeRuntime: expected ${directory} to load and compute, but its process ${failure}; if it names GLIBC or GLIBCXX, this system's libraries are too old for this TensorFlow`,
    );
  }
  if (!(message.error <= TOLERANCE[kind])) {
    throw new NetSpaceError(
      'UNAVAILABLE',
      `installNativeRuntime: expected a convolution within ${TOLERANCE[kind]} of the cpu backend's, got ${message.error}; this build cannot be used`,
    );
  }
  return message;
}

const isVerification = (value: unknown): value is Verification => typeof value === 'object' && value !== null && 'error' in value;
