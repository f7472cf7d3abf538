import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { temporaryFolder } from '../testing/temporary-folder.js';
import { buildAddon, findCudaLibraries } from './build-addon.js';
import { currentRuntime, nativeFolder } from './cache.js';
import { installNativeRuntime } from './install.js';
import { checkSpace } from './preflight.js';
import { findInstalledTensorFlow, findPython } from './python.js';
import { removeNativeRuntime } from './remove.js';
import { verifyTfjsNode } from './verify.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

const which = (program: string): string | undefined => {
  try {
    return execFileSync('which', [program], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
};
const linux = process.platform === 'linux';
const hasTools = linux && ['npm', 'c++', 'python3'].every((program) => which(program) !== undefined);

/** A cache folder of the test's own, and a PATH with only these programs. */
function isolate(programs: readonly string[]): string {
  const folder = temporaryFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  for (const program of programs) symlinkSync(which(program)!, join(bin, program));
  vi.stubEnv('PATH', bin);
  vi.stubEnv('CXX', '');
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  return folder;
}

/** A Python that finds no installed packages, hence no pip. */
function addBarePython(folder: string, python: string): void {
  const file = join(folder, 'bin', 'python3');
  writeFileSync(file, `#!/bin/sh\nexec ${python} -S "$@"\n`);
  chmodSync(file, 0o755);
}

const message = (pattern: RegExp): unknown =>
  expect.objectContaining({ code: 'UNAVAILABLE', message: expect.stringMatching(pattern) as unknown });

describe.skipIf(!hasTools)('installNativeRuntime, where something is missing (skipped without npm, c++ and python3)', () => {
  it('names a missing compiler, Python and pip, and how to get them', async () => {
    const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
    const compiler = which('c++')!;
    const folder = isolate(['npm']);
    await expect(installNativeRuntime()).rejects.toEqual(message(/a C\+\+ compiler, got none; install one .*g\+\+/));
    symlinkSync(compiler, join(folder, 'bin', 'c++'));
    await expect(installNativeRuntime()).rejects.toEqual(message(/Python, whose pip fetches TensorFlow, got none/));
    addBarePython(folder, python);
    await expect(installNativeRuntime()).rejects.toEqual(message(/pip, to fetch TensorFlow .* got none; install it/));
    expect(existsSync(currentRuntime('cpu'))).toBe(false);
  });
  it("gives pip's own message where the download fails, and cleans up, also after a killed run", async () => {
    const { PATH: path } = process.env;
    isolate([]);
    vi.stubEnv('PATH', path);
    vi.stubEnv('PIP_NO_INDEX', '1');
    const killed = join(nativeFolder(), 'building-999999999-abcd');
    mkdirSync(killed, { recursive: true });
    const stages: string[] = [];
    const install = installNativeRuntime({ force: true, onStage: ({ stage }) => stages.push(stage) });
    await expect(install).rejects.toEqual(message(/pip to download tensorflow-cpu==.*No matching distribution/));
    expect(stages).toEqual(['check', 'download']);
    expect(readdirSync(nativeFolder())).toEqual([]);
  });
  it('stops on a signal', async () => {
    const { PATH: path } = process.env;
    isolate([]);
    vi.stubEnv('PATH', path);
    await expect(installNativeRuntime({ force: true, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(readdirSync(nativeFolder())).toEqual([]);
  });
  it.runIf(!existsSync('/proc/driver/nvidia/version'))("asks for NVIDIA's driver before it downloads gigabytes", async () => {
    isolate(['npm']);
    await expect(installNativeRuntime({ gpu: true })).rejects.toEqual(message(/NVIDIA's driver, got none; .*nvidia-smi/));
  });
});

describe('checkSpace', () => {
  it('refuses a disk without room, naming the folder and the way out', async () => {
    const folder = temporaryFolder();
    await expect(checkSpace(folder, 1e18)).rejects.toEqual(message(/1000000000\.0 GB of free space in .* set XDG_CACHE_HOME/));
    await checkSpace(folder, 1);
  });
});

describe.skipIf(which('c++') === undefined)('buildAddon (skipped without a compiler)', () => {
  it("gives the compiler's own message", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'binding'));
    for (const name of ['tfjs_backend.cc', 'tfjs_binding.cc']) writeFileSync(join(folder, 'binding', name), '#include "missing.h"\n');
    const library = { directory: folder, bundled: true, cudaLibraries: [] };
    await expect(buildAddon('c++', folder, library)).rejects.toEqual(message(/missing\.h.*C\+\+17/));
    expect(existsSync(join(folder, 'lib/napi-v8/tfjs_binding.node'))).toBe(false);
  });
});

describe('findCudaLibraries', () => {
  it('names what TensorFlow opens, and no stand-in for BLAS or FFTW', async () => {
    const nvidia = temporaryFolder();
    const files = ['cublas/lib/libcublas.so.12', 'cublas/lib/libnvblas.so.12', 'cudnn/lib/libcudnn.so.9', 'cudnn/lib/libcudnn_ops.so.9'];
    for (const file of [...files, 'cufft/lib/libcufftw.so.11', 'cuda_nvcc/bin/ptxas']) {
      mkdirSync(join(nvidia, file, '..'), { recursive: true });
      writeFileSync(join(nvidia, file), '');
    }
    expect([...(await findCudaLibraries(nvidia))].sort()).toEqual([join(nvidia, files[0]!), join(nvidia, files[2]!)]);
    expect(await findCudaLibraries(join(nvidia, 'none'))).toEqual([]);
  });
});

describe('verifyTfjsNode', () => {
  it('refuses one that crashes, one that does not load and one that is no backend', async () => {
    for (const [code, reason] of [
      ['process.abort()', /ended by SIGABRT/],
      ["throw new Error('GLIBC_2.99 not found')", /ended with code 1.*too old/],
      ['', /uses another copy|ended with code 1/],
    ] as const) {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'index.js'), code);
      await expect(verifyTfjsNode(folder, 'cpu')).rejects.toEqual(message(reason));
    }
  });
});

describe.skipIf(which('python3') === undefined)('findInstalledTensorFlow (skipped without Python)', () => {
  it('takes a package whose library has the hash of its RECORD, and no other', async () => {
    const site = temporaryFolder();
    mkdirSync(join(site, 'tensorflow'));
    mkdirSync(join(site, 'tensorflow_cpu-2.99.0.dist-info'));
    writeFileSync(join(site, 'tensorflow/__init__.py'), 'raise RuntimeError("must not be imported")');
    writeFileSync(join(site, 'tensorflow_cpu-2.99.0.dist-info/METADATA'), 'Metadata-Version: 2.1\nName: tensorflow-cpu\nVersion: 2.99.0\n');
    const record = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'].map((name) => {
      writeFileSync(join(site, 'tensorflow', name), name);
      return `tensorflow/${name},sha256=${createHash('sha256').update(name).digest('base64url')},${name.length}`;
    });
    writeFileSync(join(site, 'tensorflow_cpu-2.99.0.dist-info/RECORD'), `${record.join('\n')}\n`);
    vi.stubEnv('PYTHONPATH', [site, process.env['PYTHONPATH'] ?? ''].filter((folder) => folder !== '').join(delimiter));

    const python = (await findPython())!;
    expect(await findInstalledTensorFlow(python, ['tensorflow-cpu'])).toEqual({ directory: join(site, 'tensorflow'), version: '2.99.0' });
    writeFileSync(join(site, 'tensorflow/libtensorflow_cc.so.2'), 'tampered');
    expect(await findInstalledTensorFlow(python, ['tensorflow-cpu'])).toBeUndefined();
    expect(await findInstalledTensorFlow(python, ['no-such-distribution'])).toBeUndefined();
  });
});

describe('removeNativeRuntime', () => {
  it('removes everything, and may be run again', async () => {
    isolate([]);
    mkdirSync(join(nativeFolder(), 'cpu-2.21.0-abcd', 'node_modules'), { recursive: true });
    symlinkSync('cpu-2.21.0-abcd', currentRuntime('cpu'));
    expect(await removeNativeRuntime()).toBe(true);
    expect(existsSync(nativeFolder())).toBe(false);
    expect(await removeNativeRuntime()).toBe(false);
  });
});

// Takes a minute and 274 MB: only where it is asked for.
describe.skipIf(process.env['NETSPACE_TEST_NATIVE'] !== '1')(
  'installNativeRuntime, really (skipped without NETSPACE_TEST_NATIVE=1)',
  () => {
    it('finds the one that is there, builds another in its place, finds that, and removes it', { timeout: 290_000 }, async () => {
      const { PATH: path } = process.env;
      const theirs = nativeFolder();
      isolate([]);
      vi.stubEnv('PATH', path);
      // What setup:native has built, so that one build is enough to see the old one replaced. No file of it is written again: links will do where
      // they can be made, for 829 MB.
      mkdirSync(join(nativeFolder(), '..'), { recursive: true });
      const { status } = spawnSync('cp', ['-a', '-l', theirs, nativeFolder()]);
      if (status !== 0) cpSync(theirs, nativeFolder(), { recursive: true, verbatimSymlinks: true });
      const found = await installNativeRuntime();
      expect(found).toMatchObject({ built: false, usesGpu: false });
      const built = await installNativeRuntime({ force: true });
      expect(built).toEqual({ ...found, built: true, directory: built.directory });
      expect(built.directory).not.toBe(found.directory);
      expect(existsSync(found.directory)).toBe(false);
      expect(await installNativeRuntime()).toEqual({ ...built, built: false });
      expect(await removeNativeRuntime()).toBe(true);
    });
  },
);
