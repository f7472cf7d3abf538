import { readFileSync } from 'node:fs';

/**
 * Environment variables that make native code faster, to be set before a process starts. Without them glibc returns every
 * large tensor to the kernel and pays for its pages anew. Variables that the user has set stay as they are.
 *
 * @returns only those that are missing; empty if the C library is not glibc
 * @example
 * ```ts
 * import { recommendedEnvironment } from '@netspace/node';
 *
 * console.log(recommendedEnvironment()['MALLOC_MMAP_MAX_']); // 0
 * ```
 */
export function recommendedEnvironment(env: NodeJS.ProcessEnv = process.env): Readonly<Record<string, string>> {
  if (!usesGlibc()) return {};
  const wanted = { MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: '40000000000', MALLOC_TOP_PAD_: '268435456' };
  return Object.fromEntries(Object.entries(wanted).filter(([name]) => env[name] === undefined));
}

/** The mapped files tell which C library is used. `process.report` would too, but it may wait for the network. */
const usesGlibc = (): boolean => process.platform === 'linux' && /\/libc(-2\.\d+)?\.so/.test(readFileSync('/proc/self/maps', 'utf8'));
