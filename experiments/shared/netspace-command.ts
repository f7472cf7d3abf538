import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';

import { root } from './root.js';

/** How the command ends before it is done. */
interface Stopping {
  /** Lets it save its work. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the command that users run, in a process of its own, and gives what it prints.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it
 * @throws Error with the command's message if it fails
 */
export async function netspaceCommand<Result>(args: readonly string[], { signal }: Stopping = {}): Promise<Result> {
  const main = join(root, 'packages/node/src/cli/main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args, '--json'], {
    cwd: root,
    env: { ...process.env, TSX_TSCONFIG_PATH: `${root}tsconfig.json` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
  const stop = (): void => void child.kill('SIGTERM');
  signal?.addEventListener('abort', stop, { once: true });
  const [code] = (await once(child, 'close')) as [number | null];
  signal?.removeEventListener('abort', stop);
  const name = args.filter((word) => /^[a-z]+$/.test(word)).slice(0, 2).join(' '); // prettier-ignore
  if (signal?.aborted === true) throw new NetSpaceError('ABORTED', `netspace ${name}: stopped by a signal`);
  const result =
    printed === ''
      ? undefined
      : (JSON.parse(printed.trimEnd().split('\n').at(-1)!) as Result & { readonly error?: { readonly message: string } });
  if (code === 0 && result !== undefined) return result;
  throw new Error(result?.error?.message ?? `netspace ${name}: its process ended with ${code}`);
}
