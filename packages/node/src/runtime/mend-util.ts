import { createRequire } from 'node:module';

/**
 * Gives back the two functions of `node:util` that tfjs-node 4.22 calls and newer Nodes lack (`isNullOrUndefined` went with
 * Node 23); call before it loads. Where they exist nothing changes.
 */
export function mendUtil(): void {
  // The CommonJS object is the one that tfjs-node gets; an ESM namespace could not be added to.
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}
