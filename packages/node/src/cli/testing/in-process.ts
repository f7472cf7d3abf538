import { runCli } from '../run-cli.js';

/** Runs the command in this process, which is quicker. */
export async function inProcess(...args: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await runCli([...args, '--runtime', 'wasm', '--quiet'], {
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
