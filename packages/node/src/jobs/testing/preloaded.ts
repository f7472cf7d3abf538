import { fileURLToPath } from 'node:url';

/** `NODE_OPTIONS` that load programs of this folder before a command. */
export const preloaded = (...names: readonly string[]): string =>
  names.map((name) => `--import ${fileURLToPath(new URL(`${name}.mjs`, import.meta.url))}`).join(' ');
