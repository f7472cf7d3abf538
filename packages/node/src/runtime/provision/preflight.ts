import { mkdir, statfs } from 'node:fs/promises';

import { NetSpaceError } from '@netspace/prep';

import { hasNvidiaDriver } from '../tensorflow/nvidia.js';
import type { TfjsNodeKind } from '../tensorflow/tfjs-node.js';
import { findCompiler } from './build-addon.js';
import { findInstalledTensorFlow, findPython, type InstalledTensorFlow, type Python } from './python.js';
import { findNpm } from './tfjs-node-package.js';

/** Everything that an installation needs, checked before it changes anything. */
export interface Tools {
  readonly npm: string;
  readonly compiler: string;
  readonly python: Python;
  /** A TensorFlow to use instead of a download. */
  readonly installed: InstalledTensorFlow | undefined;
}

/** Names under which pip may know a TensorFlow of that kind. */
const DISTRIBUTIONS: Readonly<Record<TfjsNodeKind, readonly string[]>> = { cpu: ['tensorflow-cpu', 'tensorflow'], gpu: ['tensorflow'] };

/** Wheel, unpacked library and npm package; for a GPU also CUDA's libraries, downloaded and unpacked. */
const NEEDED_BYTES: Readonly<Record<TfjsNodeKind, number>> = { cpu: 1.5e9, gpu: 12e9 };

/** @throws NetSpaceError `UNSUPPORTED` on other platforms, `UNAVAILABLE` naming the first thing that is missing */
export async function checkTools(kind: TfjsNodeKind, folder: string): Promise<Tools> {
  checkPlatform();
  if (kind === 'gpu' && !hasNvidiaDriver()) throw missing("NVIDIA's driver", "install it (nvidia-smi must work), or leave '--gpu' out");
  const npm = await findNpm();
  if (npm === undefined) throw missing('npm', 'install the npm that belongs to your Node, or put it on the PATH');
  const compiler = await findCompiler();
  if (compiler === undefined)
    throw missing('a C++ compiler', 'install one (Debian: apt install g++; Fedora: dnf install gcc-c++), or name it with CXX');
  const python = await findPython();
  if (python === undefined) throw missing('Python, whose pip fetches TensorFlow', 'install it (Debian: apt install python3-pip)');
  const installed = await findInstalledTensorFlow(python, DISTRIBUTIONS[kind]);
  if (installed === undefined) {
    if (!python.hasPip)
      throw missing(
        `pip, to fetch TensorFlow (${python.command} -m pip)`,
        'install it (Debian: apt install python3-pip; elsewhere: python3 -m ensurepip)',
      );
    await checkSpace(folder, NEEDED_BYTES[kind]);
  }
  return { npm, compiler, python, installed };
}

function checkPlatform(): void {
  const { platform, arch } = process;
  if (platform === 'linux' && (arch === 'x64' || arch === 'arm64')) return;
  throw new NetSpaceError(
    'UNSUPPORTED',
    `installNativeRuntime: expected Linux on x64 or arm64, got ${platform} on ${arch}; use the runtime webgpu (any GPU) or wasm, or install @tensorflow/tfjs-node yourself`,
  );
}

/** @throws NetSpaceError `UNAVAILABLE` if a folder's disk has less room than that */
export async function checkSpace(folder: string, bytes: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  const gigabytes = (value: number): string => `${(value / 1e9).toFixed(1)} GB`;
  throw missing(
    `${gigabytes(bytes)} of free space in ${folder} (there are ${gigabytes(bavail * bsize)})`,
    'make room, or set XDG_CACHE_HOME to a folder on a larger disk',
  );
}

const missing = (what: string, remedy: string): NetSpaceError =>
  new NetSpaceError('UNAVAILABLE', `installNativeRuntime: expected ${what}, got none; ${remedy}`);
