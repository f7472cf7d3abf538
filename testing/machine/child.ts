import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { programOf } from '../program-of.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** How to run a source file of the repository: what `spawn` takes. */
export async function sourceProcess(file: string, { descriptors }: { readonly descriptors?: number } = {}) {
  const node = [process.execPath, await programOf(file)];
  const limited = ['-c', `ulimit -n ${descriptors} && exec "$0" "$@"`, ...node];
  const [command, args] = descriptors === undefined ? [node[0]!, node.slice(1)] : ['sh', limited];
  return { command, args, options: { cwd: root } };
}

/** Starts a script of this folder in a process of its own, and waits until it says that it is ready. */
export async function startChild(
  script: string,
  given: readonly string[],
  limits: { readonly descriptors?: number } = {},
): Promise<ChildProcess> {
  const { command, args, options } = await sourceProcess(`testing/machine/${script}`, limits);
  const child = spawn(command, [...args, ...given], { ...options, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const said: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
  const ended = once(child, 'exit').then(() =>
    Promise.reject(new Error(`${script} ended: ${Buffer.concat(said).toString().slice(-2000)}`)),
  );
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  return child;
}

/** How a process ended. */
export async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode;
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? signal;
}
