import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';

import { tfjsNodeName, type TfjsNodeKind } from '../tensorflow/tfjs-node.js';
import { firstProgram, runCommand } from './run-command.js';

/** The last version, and the only one with which this recipe was tested. */
const TFJS_NODE_VERSION = '4.22.0';

/** npm on the path, or in the folder of the running Node. */
export const findNpm = (): Promise<string | undefined> => firstProgram(['npm', join(dirname(process.execPath), 'npm')], ['--version']);

/**
 * Installs the tfjs-node package into a folder without running its install script (which would download TensorFlow 2.9).
 *
 * Its own copy of TensorFlow.js (200 MB) is replaced by a stub that gives the caller's copy. So its backend, kernels and tensors belong to
 * the program that loads it, with any package manager.
 *
 * @returns the package's folder
 * @throws NetSpaceError `UNAVAILABLE` with npm's own message
 */
export async function installTfjsNode(npm: string, kind: TfjsNodeKind, directory: string, signal?: AbortSignal): Promise<string> {
  const name = tfjsNodeName(kind);
  for (const stub of STUBS) await writeStub(join(directory, 'stubs'), stub);
  const stubs = Object.fromEntries(STUBS.map((stub) => [stub, `file:./stubs/${stub}`]));
  const manifest = { private: true, dependencies: { [name]: TFJS_NODE_VERSION, ...stubs }, overrides: stubs };
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest, undefined, 2));

  const env = { ...process.env, NODE_OPTIONS: '' }; // may hold a loader of the user's project, such as yarn's
  const flags = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--no-package-lock', '--no-workspaces'];
  const result = await runCommand(npm, ['install', ...flags], { cwd: directory, env, signal });
  if (result?.ok === true) return join(directory, 'node_modules', name);
  const message = (result?.errors ?? '').trim().split('\n').slice(0, 5).join(' ');
  throw new NetSpaceError(
    'UNAVAILABLE',
    `installNativeRuntime: expected npm to install ${name}@${TFJS_NODE_VERSION}, got "${message}"; check npm's registry and proxy settings`,
  );
}

const STUBS = ['@tensorflow/tfjs', '@tensorflow/tfjs-core'];

async function writeStub(folder: string, name: string): Promise<void> {
  const directory = join(folder, name);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'package.json'), JSON.stringify({ name, version: TFJS_NODE_VERSION, main: 'index.js' }));
  await writeFile(
    join(directory, 'index.js'),
    `const shared = globalThis[Symbol.for('netspace.tfjs')];
if (shared === undefined) throw new Error('this tfjs-node works only through selectRuntime of @netspace/node');
module.exports = shared['${name}'];
`,
  );
}
