// `npm run -s golden -- DIR`: installs what is missing, then runs the golden vectors' checks (golden/src/cli.ts) on the sources.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsx = `${root}node_modules/tsx/dist/cli.mjs`;

/** Runs a command; what it prints goes to stderr unless it is the checks themselves. */
const run = (command, args, stdout, options = {}) => {
  const { status, error } = spawnSync(command, args, { stdio: ['inherit', stdout, 'inherit'], ...options });
  if (error) console.error(`golden: ${command} did not start: ${error.message}`);
  return status ?? 1;
};

if (!existsSync(tsx) || !existsSync(`${root}golden/node_modules`)) {
  const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const windows = process.platform === 'win32';
  const installed = run(windows ? 'npx.cmd' : 'npx', ['--yes', packageManager, 'install', '--frozen-lockfile'], process.stderr, {
    cwd: root,
    shell: windows,
  });
  if (installed !== 0) process.exit(installed);
}

const tsconfig = `${root}tsconfig.json`; // its paths send @netspace/* to the sources: nothing has to be built
process.exit(run(process.execPath, [tsx, '--tsconfig', tsconfig, `${root}golden/src/cli.ts`, ...process.argv.slice(2)], 'inherit'));
