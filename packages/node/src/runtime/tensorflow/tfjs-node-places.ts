import { existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';

import { packageRoot } from '../process/child-script.js';
import { currentRuntime } from '../provision/cache.js';
import { findTfjsNode, type TfjsNodeKind, type TfjsNodePackage } from './tfjs-node.js';

/**
 * The user's own packages first: where `NETSPACE_TFJS_NODE` says, beside the program that runs, beside this package; then that of the cache.
 * Never those of the working directory: what lies there is data, and may be anybody's.
 */
export function installedTfjsNodes(kind: TfjsNodeKind): TfjsNodePackage[] {
  const cache = currentRuntime(kind);
  const { NETSPACE_TFJS_NODE: named } = process.env;
  const program = process.argv[1];
  const folders = [
    ...(named === undefined ? [] : [named]),
    ...(program === undefined ? [] : [dirname(program)]),
    packageRoot(),
    ...(existsSync(cache) ? [realpathSync(cache)] : []),
  ];
  const found = folders.map((folder) => findTfjsNode(kind, folder)).filter((entry) => entry !== undefined);
  return found.filter(({ directory }, i) => found.findIndex((other) => other.directory === directory) === i);
}
