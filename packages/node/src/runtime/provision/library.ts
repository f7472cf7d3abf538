import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { TfjsNodeKind } from '../tensorflow/tfjs-node.js';
import { findCudaLibraries, type TensorFlowLibrary } from './build-addon.js';
import { downloadWheel, installPackages, type InstalledTensorFlow, type Python } from './python.js';
import type { Report } from './progress.js';
import { extractTensorFlow } from './wheel.js';

/** The version of TensorFlow with which this recipe was tested. */
const TENSORFLOW_VERSION = '2.21.0';

export interface FoundLibrary extends TensorFlowLibrary {
  readonly version: string;
  /** The wheel's name, or the folder of the Python package. */
  readonly source: string;
}

/** The library of an installed Python package, used where it lies. */
export async function installedLibrary({ directory, version }: InstalledTensorFlow): Promise<FoundLibrary> {
  const cudaLibraries = await findCudaLibraries(join(directory, '..', 'nvidia'));
  return { directory, bundled: false, cudaLibraries, version, source: directory };
}

/** The library from a wheel that the user's pip downloads, with the same folders below `python` as in site-packages. */
export async function downloadedLibrary(
  python: Python,
  kind: TfjsNodeKind,
  building: string,
  { report, signal }: { readonly report: Report; readonly signal: AbortSignal | undefined },
): Promise<FoundLibrary> {
  const requirement = `${kind === 'gpu' ? 'tensorflow' : 'tensorflow-cpu'}==${TENSORFLOW_VERSION}`;
  const download = join(building, 'download');
  const packages = join(building, 'python');
  await mkdir(download, { recursive: true });
  report('download', `${python.command} -m pip download ${requirement}`);
  const wheel = await downloadWheel(python, requirement, download, signal);
  const { version, requirements } = await extractTensorFlow(wheel, packages, {
    onFile: (name, fraction) => report('extract', name, fraction),
  });
  await rm(download, { recursive: true });
  if (kind === 'gpu') {
    const cuda = cudaRequirements(requirements);
    report('download', `${python.command} -m pip install ${cuda.join(' ')}`);
    await installPackages(python, cuda, packages, signal);
  }
  const cudaLibraries = await findCudaLibraries(join(packages, 'nvidia'));
  return { directory: join(packages, 'tensorflow'), bundled: true, cudaLibraries, version, source: requirement };
}

/** The packages that `tensorflow[and-cuda]` adds. */
export const cudaRequirements = (requirements: readonly string[]): string[] =>
  requirements.filter((line) => /extra\s*==\s*["']and-cuda["']/.test(line)).map((line) => line.split(';')[0]!.trim());
