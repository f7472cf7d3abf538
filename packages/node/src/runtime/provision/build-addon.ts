import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

import { NetSpaceError } from '@netspace/prep';

import { firstProgram, runCommand } from './run-command.js';

/** TensorFlow's library, to link with. */
export interface TensorFlowLibrary {
  /** Holds `libtensorflow_cc.so.2` and `include`. */
  readonly directory: string;
  /** Whether the library is in the same folder tree as the addon and moves with it. */
  readonly bundled: boolean;
  /** CUDA libraries to load along; TensorFlow asks for them by name only. */
  readonly cudaLibraries: readonly string[];
}

/** The user's C++ compiler: `CXX`, else the usual names. */
export const findCompiler = (): Promise<string | undefined> =>
  firstProgram(
    [process.env['CXX'] ?? '', 'c++', 'g++', 'clang++'].filter((name) => name !== ''),
    ['--version'],
  );

/**
 * Builds tfjs-node's addon from the sources in its npm package, and puts it where its loader looks.
 *
 * One build serves all versions of Node: Node-API 8 is stable.
 *
 * @param tfjsNode the package's folder
 * @throws NetSpaceError `UNAVAILABLE` with the compiler's own message
 */
export async function buildAddon(compiler: string, tfjsNode: string, library: TensorFlowLibrary, signal?: AbortSignal): Promise<void> {
  const target = join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');
  const unfinished = `${target}.building`;
  await mkdir(dirname(target), { recursive: true });
  const runPath = (folder: string): string =>
    library.bundled ? `-Wl,-rpath,$ORIGIN/${relative(dirname(target), folder)}` : `-Wl,-rpath,${folder}`;
  const args = [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
    ...['-I', await copyNodeApiHeaders(tfjsNode), '-I', '..', '-I', join(library.directory, 'include')],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'],
    ...['-L', library.directory, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', runPath(library.directory)],
    ...(library.cudaLibraries.length === 0 ? [] : ['-Wl,--no-as-needed', ...library.cudaLibraries]),
    ...[...new Set(library.cudaLibraries.map(dirname))].map(runPath),
    ...['-o', unfinished],
  ];
  const result = await runCommand(compiler, args, { cwd: join(tfjsNode, 'binding'), signal });
  if (result?.ok !== true) {
    const message = (result?.errors ?? '')
      .split('\n')
      .filter((line) => line.includes('error'))
      .slice(0, 3)
      .join(' ');
    throw new NetSpaceError(
      'UNAVAILABLE',
      `installNativeRuntime: expected ${compiler} to build tfjs-node's addon, got "${message}"; install a compiler for C++17 (GCC ≥ 9 or Clang ≥ 10) or name it with CXX`,
    );
  }
  await rename(unfinished, target);
}

/** Node-API's headers as files that a compiler can read: yarn may keep the package in an archive. */
async function copyNodeApiHeaders(tfjsNode: string): Promise<string> {
  const source = join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');
  const target = join(tfjsNode, 'node-api-headers');
  await mkdir(target, { recursive: true });
  for (const name of NODE_API_HEADERS) await writeFile(join(target, name), await readFile(join(source, name)));
  return target;
}

const NODE_API_HEADERS = ['node_api.h', 'node_api_types.h', 'js_native_api.h', 'js_native_api_types.h'];

/**
 * The CUDA libraries below a folder of NVIDIA's Python packages, `nvidia/NAME/lib`. The parts of cuDNN are not among them, because they
 * load each other. Nor are the replacements of BLAS and FFTW, because they would take over the calls of other libraries.
 */
export async function findCudaLibraries(nvidia: string): Promise<readonly string[]> {
  if (!existsSync(nvidia)) return [];
  const packages = await readdir(nvidia);
  const files = await Promise.all(
    packages.map(async (name) => {
      const folder = join(nvidia, name, 'lib');
      return existsSync(folder) ? (await readdir(folder)).map((file) => join(folder, file)) : [];
    }),
  );
  return files.flat().filter((file) => /\/lib(?!cudnn_|nvblas|cufftw)[^/.]*\.so\.\d+$/.test(file));
}
