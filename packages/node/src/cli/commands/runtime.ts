import type { Command } from 'commander';

import { installNativeRuntime } from '../../runtime/provision/install.js';
import { removeNativeRuntime } from '../../runtime/provision/remove.js';
import { nativeFolder } from '../../runtime/provision/cache.js';
import { folderBytes } from '../../files/folder-bytes.js';
import { action, type CommandContext } from '../command-context.js';
import { sizeText } from '../output/size-text.js';
import type { Progress } from '../../runs/progress.js';

interface InstallOptions {
  readonly gpu?: boolean;
  readonly force?: boolean;
}

/** `netspace runtime install` and `netspace runtime remove`: TensorFlow's own library, where tfjs-node cannot be installed. */
export function addRuntime(program: Command): void {
  const runtime = program.command('runtime').description('install or remove the native TensorFlow runtime').exitOverride();
  runtime
    .command('install')
    .description(
      "build tfjs-node's addon against TensorFlow from a Python wheel, check it, and use it from now on; downloads 274 MB, takes 870 MB of disk",
    )
    .option('--gpu', 'with CUDA (downloads gigabytes)')
    .option('--force', 'also if one is installed')
    .action(action(({ command, context }) => install(command.opts<InstallOptions>(), context)));
  runtime
    .command('remove')
    .description('remove what install has built')
    .action(
      action(async ({ context }) => {
        const removed = await removeNativeRuntime();
        context.print({ removed }, () => (removed ? 'removed' : 'nothing to remove'));
      }),
    );
}

/** Says each stage once. The hundreds of files of a wheel are a bar, or a line from time to time. */
async function install({ gpu = false, force = false }: InstallOptions, context: CommandContext): Promise<void> {
  let stage = '';
  let bar: Progress | undefined;
  const installed = await installNativeRuntime({
    ...{ gpu, force, signal: context.signal },
    onStage: (progress) => {
      if (progress.stage !== stage) {
        bar?.stop();
        bar = progress.fraction === undefined ? undefined : context.progress(progress.stage, 1000, { as: 'percent' });
        context.note(`${progress.stage}: ${progress.fraction === undefined ? progress.detail : "TensorFlow's library and headers"}`);
        stage = progress.stage;
      } else if (progress.fraction === undefined) context.note(`${stage}: ${progress.detail}`);
      if (progress.fraction !== undefined) bar?.update(Math.floor(1000 * progress.fraction));
    },
  }).finally(() => bar?.stop());
  const { version, built, directory } = installed;
  const folder = nativeFolder();
  const bytes = built ? await folderBytes(folder) : undefined;
  context.print({ ...installed, ...(bytes !== undefined && { bytes }) }, () =>
    bytes === undefined
      ? `TensorFlow ${version} works already, in ${directory}`
      : `TensorFlow ${version} built into ${directory}; ${folder} takes ${sizeText(bytes)} of disk`,
  );
}
