import { installedTfjsNodes } from '../../packages/node/src/runtime/tensorflow/tfjs-node-places.js';

/** Whether a native TensorFlow is installed: a file to be found, so that one that is there and does not start fails its tests. */
export const isTensorflowInstalled = (): boolean => installedTfjsNodes('cpu').some(({ hasAddon }) => hasAddon);

/**
 * Starts the tensorflow runtime with our kernels, for a test file that needs it.
 *
 * @returns false where none is installed: the one reason to skip
 * @throws NetSpaceError whatever keeps an installed one from starting
 */
export async function startTensorflow(): Promise<boolean> {
  if (!isTensorflowInstalled()) return false;
  const { selectRuntime } = await import('@netspace/node'); // takes a second: not for every test
  await selectRuntime({ prefer: 'tensorflow' });
  return true;
}
