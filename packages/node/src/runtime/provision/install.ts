import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import { abortSignal, flag, functionOf, type GivenBy, objectOf, optional, parseOptions, withDefault } from '@netspace/prep/internal';

import { findTfjsNode, type TfjsNodeKind } from '../tensorflow/tfjs-node.js';
import { installedTfjsNodes } from '../tensorflow/tfjs-node-places.js';
import { buildAddon } from './build-addon.js';
import { currentRuntime, nativeFolder } from './cache.js';
import { downloadedLibrary, installedLibrary, type FoundLibrary } from './library.js';
import { checkTools, type Tools } from './preflight.js';
import { reporter, type InstallProgress, type Report } from './progress.js';
import { installTfjsNode } from './tfjs-node-package.js';
import { verifyTfjsNode } from './verify.js';

/** See {@link InstallNativeRuntimeOptions}. */
export const installNativeRuntimeOptions = objectOf({
  /**
   * For an NVIDIA GPU: TensorFlow with CUDA, about 6 GB.
   * @default false
   */
  gpu: withDefault(flag, false),
  /**
   * Build again even if a working one is there.
   * @default false
   */
  force: withDefault(flag, false),
  /** Called when a stage begins, and as it goes on. */
  onStage: optional(functionOf<(progress: InstallProgress) => void>()),
  /** Stops at the end of the current stage; a download or the compiler is stopped at once. */
  signal: optional(abortSignal),
});

/** Options of {@link installNativeRuntime}. */
export interface InstallNativeRuntimeOptions extends GivenBy<typeof installNativeRuntimeOptions> {}

export interface NativeRuntime {
  /** Folder of the tfjs-node package. */
  readonly directory: string;
  /** TensorFlow's version. */
  readonly version: string;
  readonly usesGpu: boolean;
  /** Whether this call built it. If not, a working one was there. */
  readonly built: boolean;
}

/**
 * Makes the runtime `tensorflow` work if tfjs-node's own download cannot be reached, or is too old for the GPU.
 *
 * It takes TensorFlow's library from an installed Python package or from a wheel that the user's pip downloads, and builds tfjs-node's
 * addon for it with the user's compiler. The result becomes current only after a separate process has loaded it and has computed a
 * convolution and its gradients correctly. Everything is in the user's cache folder, and the call may be repeated at any time. If the
 * project has a working tfjs-node, that is used unchanged.
 *
 * @throws NetSpaceError `UNAVAILABLE` naming what is missing and how to get it, `UNSUPPORTED` on another platform than Linux,
 *   `CORRUPT_FILE` if a download has another hash than it should, `ABORTED` by the signal, `INVALID_OPTION` for
 *   options that are unknown or wrong
 * @example
 * ```ts no-run
 * import { installNativeRuntime } from '@netspace/node';
 *
 * const { version } = await installNativeRuntime({ onStage: ({ stage }) => console.log(stage) });
 * ```
 */
export async function installNativeRuntime(options: InstallNativeRuntimeOptions = {}): Promise<NativeRuntime> {
  const { gpu, force, onStage, signal } = parseOptions('installNativeRuntime', installNativeRuntimeOptions, options);
  const kind: TfjsNodeKind = gpu ? 'gpu' : 'cpu';
  const report = reporter(onStage);
  const working = force ? undefined : await findWorking(kind, report);
  if (working !== undefined) return working;

  report('check', 'npm, C++ compiler, Python, disk space');
  const tools = await checkTools(kind, nativeFolder());
  if (tools.installed !== undefined) {
    try {
      return await build(kind, tools, () => installedLibrary(tools.installed!), report, signal);
    } catch (error) {
      if (!tools.python.hasPip || isAborted(error)) throw error;
      report('check', `${tools.installed.directory} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return build(kind, tools, (building) => downloadedLibrary(tools.python, kind, building, { report, signal }), report, signal);
}

/** A tfjs-node of the project, or an earlier installation, that computes correctly. */
async function findWorking(kind: TfjsNodeKind, report: Report): Promise<NativeRuntime | undefined> {
  for (const found of installedTfjsNodes(kind).filter(({ hasAddon }) => hasAddon)) {
    report('verify', found.directory);
    try {
      const { version, usesGpu } = await verifyTfjsNode(found.directory, kind);
      return { directory: found.directory, version, usesGpu, built: false };
    } catch {
      continue; // present but broken: the reason to build one
    }
  }
  return undefined;
}

/** Builds in a folder of its own, which is deleted unless the result computes correctly. */
async function build(
  kind: TfjsNodeKind,
  { npm, compiler }: Tools,
  findLibrary: (building: string) => Promise<FoundLibrary>,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<NativeRuntime> {
  const folder = nativeFolder();
  await removeLeftovers(folder);
  const building = join(folder, `building-${process.pid}-${randomBytes(4).toString('hex')}`);
  await mkdir(building, { recursive: true });
  try {
    const library = await findLibrary(building);
    report('package', 'npm install @tensorflow/tfjs-node, without its install script');
    const tfjsNode = await installTfjsNode(npm, kind, building, signal);
    report('compile', compiler);
    await buildAddon(compiler, tfjsNode, library, signal);
    report('verify', 'a convolution and its gradients, against the cpu backend');
    const { version, usesGpu } = await verifyTfjsNode(tfjsNode, kind);
    const facts = { kind, tensorflow: library.version, source: library.source, compiler, createdAt: new Date().toISOString() };
    await writeFile(join(building, 'native-runtime.json'), JSON.stringify(facts, undefined, 2));
    report('activate', currentRuntime(kind));
    const directory = await activate(kind, building, library.version);
    return { directory: findTfjsNode(kind, directory)!.directory, version, usesGpu, built: true };
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    throw error;
  }
}

/** Renames the finished folder and points the link at it in one step. Then the earlier folder is removed. */
async function activate(kind: TfjsNodeKind, building: string, version: string): Promise<string> {
  const link = currentRuntime(kind);
  const earlier = await readlink(link).catch(() => undefined);
  const name = `${kind}-${version}-${basename(building).split('-').at(-1)}`;
  const directory = join(nativeFolder(), name);
  await rename(building, directory);
  const newLink = `${directory}.link`;
  await symlink(name, newLink);
  await rename(newLink, link);
  if (earlier !== undefined) await rm(join(nativeFolder(), earlier), { recursive: true, force: true });
  return directory;
}

/** Folders of installations that were killed, whose process is gone. */
async function removeLeftovers(folder: string): Promise<void> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  for (const name of names) {
    const pid = /^building-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const isAborted = (error: unknown): boolean => error instanceof NetSpaceError && error.code === 'ABORTED';
