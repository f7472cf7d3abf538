import { homedir } from 'node:os';
import { join } from 'node:path';

import type { TfjsNodeKind } from '../tensorflow/tfjs-node.js';

/** The user's folder for native runtimes: below `XDG_CACHE_HOME`, or `~/.cache`. */
export const nativeFolder = (): string => {
  const cache = process.env['XDG_CACHE_HOME'];
  return join(cache === undefined || cache === '' ? join(homedir(), '.cache') : cache, 'netspace', 'native');
};

/** A link to the folder of the current native runtime. It is changed in one step, so that it never leads to an incomplete runtime. */
export const currentRuntime = (kind: TfjsNodeKind): string => join(nativeFolder(), kind);
