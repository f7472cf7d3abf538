import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { NetSpaceError } from '@netspace/prep';

import { firstProgram, runCommand } from './run-command.js';
import { parseRecord } from './wheel.js';

/** The user's Python, and whether it has pip. */
export interface Python {
  readonly command: string;
  readonly hasPip: boolean;
}

export async function findPython(): Promise<Python | undefined> {
  const withPip = await firstProgram(['python3', 'python'], ['-m', 'pip', '--version']);
  if (withPip !== undefined) return { command: withPip, hasPip: true };
  const command = await firstProgram(['python3', 'python'], ['--version']);
  return command === undefined ? undefined : { command, hasPip: false };
}

/** An installed `tensorflow` Python package. */
export interface InstalledTensorFlow {
  /** Holds `libtensorflow_cc.so.2` and `include`. */
  readonly directory: string;
  readonly version: string;
}

// Searches without an import, which would start TensorFlow.
const LOOK = `
import importlib.metadata as metadata, importlib.util as util, json, os, sys
spec = util.find_spec('tensorflow')
found = None
for name in sys.argv[1:]:
    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        continue
    if spec is not None and spec.origin:
        found = {'version': distribution.version, 'directory': os.path.dirname(spec.origin), 'record': distribution.read_text('RECORD') or ''}
        break
print(json.dumps(found))
`;

/**
 * Finds an installed TensorFlow whose library is there and has the hash of its RECORD.
 *
 * @param distributions names that pip knows it by, such as `tensorflow-cpu`
 */
export async function findInstalledTensorFlow(python: Python, distributions: readonly string[]): Promise<InstalledTensorFlow | undefined> {
  const result = await runCommand(python.command, ['-c', LOOK, ...distributions]);
  const found: unknown = result?.ok === true ? JSON.parse(result.output.trim().split('\n').at(-1) ?? 'null') : null;
  if (!isFound(found)) return undefined;
  const hashes = parseRecord(found.record);
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
    const hash = await sha256(join(found.directory, name)).catch(() => undefined);
    if (hash === undefined || hash !== hashes.get(`tensorflow/${name}`)) return undefined;
  }
  return { directory: found.directory, version: found.version };
}

/**
 * Downloads a wheel with the user's own pip, with its settings, index and proxies.
 *
 * @returns the wheel's path
 * @throws NetSpaceError `UNAVAILABLE` with pip's own message
 */
export async function downloadWheel(python: Python, requirement: string, directory: string, signal?: AbortSignal): Promise<string> {
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-cache-dir', '--disable-pip-version-check'];
  const env = { ...process.env, TMPDIR: directory }; // pip unpacks here too: /tmp is often small
  const quiet = ['--progress-bar', 'off', '--dest', directory, requirement];
  let result = await runCommand(python.command, [...args, ...quiet], { env, signal });
  if (result?.ok !== true) {
    // If this TensorFlow has no wheel for the user's Python, pip may download the wheel for another Python, because only the library in it
    // is used.
    const platform = `manylinux_2_27_${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}`;
    result = await runCommand(python.command, [...args, '--python-version', '3.12', '--platform', platform, ...quiet], { env, signal });
  }
  const wheel = result?.ok === true ? (await readdir(directory)).find((name) => name.endsWith('.whl')) : undefined;
  if (wheel === undefined) {
    throw new NetSpaceError(
      'UNAVAILABLE',
      `installNativeRuntime: expected pip to download ${requirement}, got "${lastLines(result?.errors)}"; check that '${python.command} -m pip download ${requirement}' works`,
    );
  }
  return join(directory, wheel);
}

/** Installs packages with the user's own pip into a folder, without what they depend on. */
export async function installPackages(
  python: Python,
  requirements: readonly string[],
  directory: string,
  signal?: AbortSignal,
): Promise<void> {
  const args = ['-m', 'pip', 'install', '--no-deps', '--only-binary=:all:', '--no-cache-dir', '--disable-pip-version-check'];
  const env = { ...process.env, TMPDIR: directory };
  const result = await runCommand(python.command, [...args, '--progress-bar', 'off', '--target', directory, ...requirements], {
    env,
    signal,
  });
  if (result?.ok === true) return;
  throw new NetSpaceError(
    'UNAVAILABLE',
    `installNativeRuntime: expected pip to install ${requirements.join(', ')}, got "${lastLines(result?.errors)}"; check pip's index and proxy settings`,
  );
}

const lastLines = (text = 'nothing'): string => text.trim().split('\n').slice(-3).join(' ');

const sha256 = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('base64url');
};

const isFound = (value: unknown): value is InstalledTensorFlow & { readonly record: string } =>
  typeof value === 'object' && value !== null && 'directory' in value && 'version' in value && 'record' in value;
