import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

/** The machine on which numbers were measured. */
export interface MachineFacts {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
}

/**
 * Describes this machine, for results that depend on it.
 *
 *
 * @example
 * ```ts
 * import { machineFacts } from '@netspace/node';
 *
 * const { cores, memoryGiB } = machineFacts();
 * console.log(cores > 0, memoryGiB > 0); // true true
 * ```
 */
export const machineFacts = (): MachineFacts => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  platform: `${process.platform}-${process.arch}`,
});

/**
 * The commit of the checkout in a folder, with `+` if files have changed since; `unknown` outside a checkout.
 *
 * @param paths which files count; all unless given
 * @example
 * ```ts
 * import { tmpdir } from 'node:os';
 * import { commitOf } from '@netspace/node';
 *
 * console.log(commitOf(tmpdir())); // unknown
 * ```
 */
export function commitOf(folder: string, paths: readonly string[] = []): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('rev-parse', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no', '--', ...paths) === '' ? '' : '+');
  } catch {
    return 'unknown';
  }
}
