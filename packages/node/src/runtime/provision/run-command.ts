import { spawn } from 'node:child_process';

import { NetSpaceError } from '@netspace/prep';

interface CommandResult {
  readonly ok: boolean;
  readonly output: string;
  /** The end of what it wrote to stderr. */
  readonly errors: string;
}

interface RunCommandOptions {
  readonly cwd?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a program to its end.
 *
 * @returns `undefined` if there is no such program
 * @throws NetSpaceError `ABORTED` if the signal stopped it
 */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env = process.env, signal }: RunCommandOptions = {},
): Promise<CommandResult | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-8000)));
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.name === 'AbortError') reject(new NetSpaceError('ABORTED', `runCommand: ${command} was stopped by the caller's signal`));
      else if (error.code === 'ENOENT') resolve(undefined);
      else reject(error);
    });
    child.once('close', (code) => resolve({ ok: code === 0, output, errors }));
  });
}

/** The first of some programs that runs with these arguments, such as `--version`. */
export async function firstProgram(names: readonly string[], args: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    if ((await runCommand(name, args))?.ok === true) return name;
  }
  return undefined;
}
