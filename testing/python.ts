import { spawnSync } from 'node:child_process';

/** Debian's own, behind which another may come first in the path. */
const CANDIDATES = [process.env['NETSPACE_PYTHON'] ?? 'python3', '/usr/bin/python3'];

/**
 * A Python that has a package; undefined if no Python of this machine has it, which each says itself.
 *
 * @throws Error if a Python says something else, which is no reason to skip a test
 */
export function pythonWith(name: string): string | undefined {
  for (const candidate of CANDIDATES) {
    const { status, stderr, error } = spawnSync(candidate, ['-c', `import ${name}`], { encoding: 'utf8' });
    if (status === 0) return candidate;
    const isMissing = error !== undefined && 'code' in error && error.code === 'ENOENT';
    if (!isMissing && !stderr.includes(`No module named '${name}'`))
      throw new Error(`${candidate}: import ${name}: ${stderr}`, { cause: error });
  }
  return undefined;
}
