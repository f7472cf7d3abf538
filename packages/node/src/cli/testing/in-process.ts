import { runCli } from '../run-cli.js';

/** Runs the command in this process, which is quicker. */
export const inProcess = (...args: readonly string[]) => cli(...args, '--quiet');

/** The same with what it says beside its output: notes, progress and what to do next. */
export async function cli(...args: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await runCli([...args, '--runtime', 'wasm'], {
    writeOut: (text) => void (stdout += text),
    writeErr: (text) => void (stderr += text),
  });
  return { code, stdout, stderr };
}

/** Runs the command with `--json` in this process and gives what it prints. */
export async function netspace<Result = Record<string, unknown>>(...args: readonly string[]): Promise<Result> {
  const { code, stdout, stderr } = await inProcess(...args, '--json');
  if (code !== 0) throw new Error(`exit code ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Result;
}
