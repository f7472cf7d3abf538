import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { root } from '../shared/root.js';

/** Runs the command that users run, in a process of its own, and gives what it prints. */
export async function netspaceCommand<Result>(args: readonly string[]): Promise<Result> {
  const main = join(root, 'packages/node/src/cli/main.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', main, ...args, '--json'], {
    cwd: root,
    env: { ...process.env, TSX_TSCONFIG_PATH: `${root}tsconfig.json` },
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout) as Result;
}
