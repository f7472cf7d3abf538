import { spawn } from 'node:child_process';

/** Runs a program; resolves to what it printed, rejects with it if the program fails. */
export const exec = (command, args, { cwd, env = {}, timeout = 120_000 } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, timeout, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (status === 0) resolve(stdout);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${status ?? signal}:\n${stdout.slice(-3000)}${stderr.slice(-3000)}`));
    });
  });

/** Does all of a list, so many at once; resolves to the errors. */
export async function attemptAll(items, task, { atOnce }) {
  const waiting = [...items];
  const errors = [];
  const work = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await task(item);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return errors;
}
