import { createRequire } from 'node:module';

/**
 * Gives `node:util` the two functions that tfjs-node 4.22 calls and newer Nodes lack (`isNullOrUndefined` went with Node 23)
 * or warn about; call before it loads. They work as in earlier versions of Node.
 */
export function mendUtil(): void {
  // The CommonJS object is the one that tfjs-node gets; an ESM namespace could not be added to.
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] = (value: unknown) => value === null || value === undefined;
  util['isArray'] = Array.isArray;
}
