import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { endOf, programOf } from './program-of.js';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Starts the command in a process of its own, from its source. */
export async function start(args: readonly string[]) {
  const main = await programOf('packages/node/src/cli/main.ts');
  const child = spawn(process.execPath, [main, ...args], { cwd: root, env: { ...process.env, NETSPACE_RUNTIME: 'wasm' } });
  return { child, ended: endOf(child) };
}

/** Runs the command with `--json` in a process of its own and gives what it prints. */
export async function spawned<Result = Record<string, unknown>>(...args: readonly string[]): Promise<Result> {
  const { code, stdout, stderr } = await (await start([...args, '--json'])).ended;
  if (code !== 0) throw new Error(`exit code ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Result;
}
