import { instanceFromRawTensors, readCheckpoint } from '@netspace/formats';
import { type Architecture, type Instance, NetSpaceError } from '@netspace/prep';

import type { DroppedFile } from '../messages/protocol.js';
import { baseName, type BroughtInstance, fitsNone } from './brought-instance.js';
import { modelFromFiles } from './model-from-files.js';

/** Beyond, reading it would take more memory than a tab has. */
const MOST_BYTES = 1024 * 1024 * 1024;

/**
 * A network of one of some architectures, from safetensors, a PyTorch checkpoint, or a `tf.LayersModel` (model.json with its shards).
 *
 * @throws NetSpaceError `NOT_FOUND` if it is of none of them, saying why of each; `INVALID_OPTION` for no file or several networks; as
 *   `readCheckpoint` for a file that is broken
 */
export async function instanceFromFiles(architectures: readonly Architecture[], files: readonly DroppedFile[]): Promise<BroughtInstance> {
  const size = files.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  if (size > MOST_BYTES)
    throw new NetSpaceError('LIMIT_EXCEEDED', `bring: expected at most ${MOST_BYTES} bytes, got ${size}; drop one network alone`);
  const json = files.filter(({ name }) => /\.json$/i.test(name));
  if (json.length === 1) return modelFromFiles(architectures, json[0]!, files);
  const [file, ...more] = files;
  if (file === undefined || more.length > 0) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `bring: expected one .safetensors or .pt file, or a model.json with its shards, got ${files.length} files; drop one network at a time`,
    );
  }
  const tensors = checkpointIn(file);
  const instance = firstThatFits(file.name, architectures, (architecture) => instanceFromRawTensors(architecture, tensors));
  return { instance, name: baseName(file.name) };
}

/** An error names the file: somebody dropped it, or a zip that holds it. */
function checkpointIn({ name, bytes }: DroppedFile) {
  try {
    return readCheckpoint(new Uint8Array(bytes));
  } catch (cause) {
    if (!(cause instanceof NetSpaceError)) throw cause;
    throw new NetSpaceError(cause.code, `${name}: ${cause.message}`, { cause });
  }
}

/** Tries each architecture; what does not fit says why. */
function firstThatFits(name: string, architectures: readonly Architecture[], read: (architecture: Architecture) => Instance): Instance {
  const reasons: string[] = [];
  for (const architecture of architectures) {
    try {
      return read(architecture);
    } catch (error) {
      if (!(error instanceof NetSpaceError)) throw error;
      reasons.push(`${architecture.name}: ${error.message}`);
    }
  }
  throw fitsNone(name, reasons);
}
