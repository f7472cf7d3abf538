import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const environment = () => ({ ...process.env, TURBO_TELEMETRY_DISABLED: '1' });

/** Runs a command in the repository; its output goes to stderr, so that stdout stays the caller's. Returns its exit status. */
export function run(command, args, { quiet = false } = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    stdio: quiet ? 'pipe' : ['ignore', 2, 2],
    env: environment(),
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  if (quiet && status !== 0) process.stderr.write(`${stdout}${stderr}`);
  return status ?? 1;
}

/** Runs a command in the repository beside others, with its output on stderr. Resolves to its exit status. */
export function show(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2], env: environment() });
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
}

/** Runs a command in the repository beside others; says what it printed only where it fails. Resolves to whether it ended well. */
export function succeeds(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...environment(), ...env } });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status !== 0) process.stderr.write(Buffer.concat(output));
      resolve(status === 0);
    });
  });
}

/** Runs the pnpm that `packageManager` names, fetched by npm where it is missing: a new machine needs Node and npm only. */
export const pnpm = (args, options) => run('npx', ['--yes', packageManager, ...args], options);

/** Installs the workspace's dependencies unless they are there and as new as the lock file. */
export function ensureInstalled({ quiet = true } = {}) {
  const marker = `${root}node_modules/.modules.yaml`;
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync(`${root}pnpm-lock.yaml`).mtimeMs) return;
  process.stderr.write('Installing dependencies …\n');
  if (pnpm(['install', '--frozen-lockfile'], { quiet }) !== 0) throw new Error('pnpm install failed; its output stands above');
}

/**
 * Runs a TypeScript file of the repository in a process that ends with this one, and saves its work first. Its `@netspace/*` imports go to the
 * sources. Needs the dependencies installed. Resolves to its exit status.
 */
export async function runNode(file, args) {
  const { tsImport } = await import('tsx/esm/api');
  const { forwardSignals, spawnTied } = await tsImport('../packages/node/src/runtime/process/tied-child.ts', import.meta.url);
  const preloads = ['tsx', pathToFileURL(`${root}scripts/end-with-parent.ts`).href].flatMap((module) => ['--import', module]);
  const env = { TSX_TSCONFIG_PATH: `${root}tsconfig.json` };
  const child = spawnTied({ args: [...preloads, `${root}${file}`, ...args], env, cwd: root });
  forwardSignals(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status) => resolve(status ?? 1));
  });
}

/** Runs a TypeScript file of the repository, installing first what is missing, and lets this process end with its exit status. */
export async function runSource(file, args = process.argv.slice(2)) {
  ensureInstalled();
  process.exitCode = await runNode(file, args);
}

/**
 * Builds every package (cached by turbo). Returns the exit status. What was built before goes first: where turbo has a build in its cache it
 * puts the files of that beside those that are there, so that chunks of several builds would be measured, packed and published.
 */
export function build(options) {
  for (const name of readdirSync(`${root}packages`)) rmSync(`${root}packages/${name}/dist`, { recursive: true, force: true });
  return pnpm(['exec', 'turbo', 'run', 'build'], options);
}

/** As {@link build}, and throws where it fails. */
export function ensureBuilt({ quiet = true } = {}) {
  process.stderr.write('Building packages …\n');
  if (build({ quiet }) !== 0) throw new Error('the build failed; its output stands above');
}
