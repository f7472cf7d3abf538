import { expect } from 'vitest';

import { runCli } from '../run-cli.js';

type Result = Readonly<Record<string, unknown>>;

/** Runs the command in this process on cpu, with `--json`; gives what it prints, empty if it prints nothing. */
export async function run(...command: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const all = [...command, '--runtime', 'cpu', '--json', '--quiet'];
  const code = await runCli(all, { writeOut: (text) => void (stdout += text), writeErr: (text) => void (stderr += text) });
  return { code, stderr, result: (stdout === '' ? {} : JSON.parse(stdout)) as Result };
}

/** Expects that a command ends well, and gives what it prints. */
export async function succeeds(...command: readonly string[]): Promise<Result> {
  const { code, stderr, result } = await run(...command);
  expect(code, stderr).toBe(0);
  return result;
}

/** Expects that a command fails, and says these words. */
export async function fails(words: RegExp, ...command: readonly string[]): Promise<void> {
  const { code, stderr } = await run(...command);
  expect(code).not.toBe(0);
  expect(stderr).toMatch(words);
}
