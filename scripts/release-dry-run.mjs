// Does what a release does, in a copy of the repository and without publishing: versions from the changesets, changelogs, and
// `pnpm publish --dry-run` of each package as it was built. Refuses a build of another version: checkpoints and the command say it.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { spawnSync } from 'node:child_process';

import { root } from './bootstrap.mjs';

const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const copy = mkdtempSync(join(tmpdir(), 'netspace-release-'));
const step = (command, args) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout + stderr;
};

/** `@netspace/train` is the package whose version is built in. */
function checkBuild() {
  const { version } = JSON.parse(readFileSync(`${root}packages/train/package.json`, 'utf8'));
  const folder = `${root}packages/train/dist`;
  const files = readdirSync(folder).filter((file) => file.endsWith('.js'));
  if (files.some((file) => readFileSync(join(folder, file), 'utf8').includes(`version: "${version}"`))) return;
  throw new Error(`expected packages/train/dist to be built as version ${version}, got another; build again`);
}

try {
  checkBuild();
  const left = new Set(['.git', 'out', '.turbo', '.cache', 'docs', 'coverage']); // some of these are written meanwhile
  const isCopied = (from) => !left.has(from.slice(root.length)) && basename(from) !== 'node_modules';
  cpSync(root, copy, { recursive: true, verbatimSymlinks: true, filter: isCopied });
  for (const folder of ['', ...readdirSync(`${root}packages`).map((name) => `packages/${name}/`)]) {
    const installed = `${root}${folder}node_modules`; // what is installed is only read: linked, not copied, which took most of the time
    if (existsSync(installed)) symlinkSync(installed, join(copy, folder, 'node_modules'));
  }
  step('git', ['init', '-q', '-b', 'main']);
  const pending = readdirSync(join(copy, '.changeset')).filter((file) => file.endsWith('.md') && file !== 'README.md').length;
  if (pending > 0) step('npx', ['--yes', packageManager, 'exec', 'changeset', 'version']);
  const output = step('npx', ['--yes', packageManager, '-r', 'publish', '--dry-run', '--no-git-checks', '--report-summary']);
  const { publishedPackages } = JSON.parse(readFileSync(join(copy, 'pnpm-publish-summary.json'), 'utf8'));
  for (const folder of readdirSync(join(copy, 'packages'))) {
    const { name, version } = JSON.parse(readFileSync(join(copy, 'packages', folder, 'package.json'), 'utf8'));
    if (pending > 0 && version === '0.0.0') throw new Error(`${name} kept version 0.0.0: its changeset is missing`);
    if (!publishedPackages.some((published) => published.name === name)) throw new Error(`${name} would not be published:\n${output}`);
    console.log(`${name}@${version} would be published`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
