import { existsSync, realpathSync } from 'node:fs';

import { packageRoot } from './child-script.js';
import { currentRuntime } from './provision/cache.js';
import { findTfjsNode, type TfjsNodeKind, type TfjsNodePackage } from './tfjs-node.js';

/** The user's own packages first: of the project that we run in, of the one that installed us, then that of the cache. */
export function installedTfjsNodes(kind: TfjsNodeKind): TfjsNodePackage[] {
  const cache = currentRuntime(kind);
  const folders = [process.cwd(), packageRoot(), ...(existsSync(cache) ? [realpathSync(cache)] : [])];
  const found = folders.map((folder) => findTfjsNode(kind, folder)).filter((entry) => entry !== undefined);
  return found.filter(({ directory }, i) => found.findIndex((other) => other.directory === directory) === i);
}
