import { existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';

import { packageRoot } from '../process/child-script.js';
import { currentRuntime } from '../provision/cache.js';
import { findTfjsNode, type TfjsNodeKind, type TfjsNodePackage } from './tfjs-node.js';

/**
 * The user's own packages come first: at `NETSPACE_TFJS_NODE`, near the running program, near this package. Then comes the one in the
 * cache. Packages of the working directory are never used, because data from untrusted sources may be there.
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
