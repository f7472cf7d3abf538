import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the numbers were measured on. */
export const machine = () => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  platform: `${process.platform}-${process.arch}`,
});

/** What the numbers were measured with. */
export const versions = (): Readonly<Record<string, string>> => ({
  node: process.versions.node,
  tfjs: packageVersion('@tensorflow/tfjs-core'),
});

/** The commit, with `+` where files have changed since; `unknown` outside a checkout. */
export function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return (
      git('rev-parse', 'HEAD') +
      (git('status', '--porcelain', '--untracked-files=no', '--', 'packages', 'experiments/**/*.ts') === '' ? '' : '+')
    );
  } catch {
    return 'unknown';
  }
}

function packageVersion(name: string): string {
  const { version } = JSON.parse(readFileSync(`${root}node_modules/${name}/package.json`, 'utf8')) as { readonly version: string };
  return version;
}
