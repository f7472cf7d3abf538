import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface ForkScriptOptions {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Starts a script of this package in a process of its own, with a channel for messages and its output kept from ours.
 *
 * @param script path below `src` (or `dist`), without ending
 */
export function forkScript(script: string, { args = [], env = process.env }: ForkScriptOptions = {}): ChildProcess {
  const root = packageRoot();
  if (!import.meta.url.endsWith('.ts')) return fork(join(root, 'dist', `${script}.js`), args, { silent: true, env, execArgv: [] });
  // Run from sources, as in our own tests. What a test has bundled lies beside the program that runs, and starts in a third of the time.
  const bundle = join(dirname(process.argv[1] ?? ''), `${basename(script)}.mjs`);
  if (existsSync(bundle)) return fork(bundle, args, { silent: true, env, execArgv: [] });
  // Else tsx compiles, and finds the other packages' sources by the root's tsconfig.
  const workspace = join(root, '..', '..');
  const tsx = createRequire(join(workspace, 'package.json')).resolve('tsx');
  return fork(join(root, 'src', `${script}.ts`), args, {
    silent: true,
    env: { ...env, TSX_TSCONFIG_PATH: join(workspace, 'tsconfig.json') },
    execArgv: ['--import', tsx],
  });
}

/** The folder of this package. The bundler moves code between files, so only the folder of package.json is certain. */
export function packageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && readFileSync(file, 'utf8').includes('"@netspace/node"')) return folder;
    if (folder === dirname(folder)) throw new Error(`found no package.json of @netspace/node above ${import.meta.url}`);
  }
}

/** How a child process ended. */
interface ChildResult<Message> {
  /** The last message that it sent, if any. */
  readonly message: Message | undefined;
  /** Empty if it ended by itself and without an error code. */
  readonly failure: string;
}

/** Waits until a child process ends. It is killed if it takes longer than the limit. */
export async function childResult<Message>(
  child: ChildProcess,
  { seconds, isMessage }: { readonly seconds: number; readonly isMessage: (value: unknown) => value is Message },
): Promise<ChildResult<Message>> {
  let message: Message | undefined;
  let errors = '';
  child.on('message', (value: unknown) => (message = isMessage(value) ? value : message));
  child.stdout?.resume();
  child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
  const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  const failure = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal !== null ? `ended by ${signal}` : code === 0 ? '' : `ended with code ${code}`));
  });
  clearTimeout(timer);
  const lines = errors.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('Node.js v')); // Node ends with its version
  const last = (lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '').trim();
  return { message, failure: failure === '' || last === '' ? failure : `${failure}: ${last}` };
}
