import type { Command } from 'commander';

import { installNativeRuntime } from '../../runtime/provision/install.js';
import { removeNativeRuntime } from '../../runtime/provision/remove.js';
import { action } from '../command-context.js';

interface InstallOptions {
  readonly gpu?: boolean;
  readonly force?: boolean;
}

/** `netspace runtime install` and `netspace runtime remove`: TensorFlow's own library, where tfjs-node cannot be installed. */
export function addRuntime(program: Command): void {
  const runtime = program.command('runtime').description('install or remove the native TensorFlow runtime').exitOverride();
  runtime
    .command('install')
    .description("build tfjs-node's addon against TensorFlow from a Python wheel, check it, and use it from now on")
    .option('--gpu', 'with CUDA (downloads gigabytes)')
    .option('--force', 'also if one is installed')
    .action(
      action(async ({ command, context }) => {
        const { gpu = false, force = false } = command.opts<InstallOptions>();
        const { signal } = context;
        const installed = await installNativeRuntime({
          gpu,
          force,
          signal,
          onStage: ({ stage, detail }) => context.note(`${stage}: ${detail}`),
        });
        context.print(
          installed,
          () => `TensorFlow ${installed.version} ${installed.built ? 'built into' : 'works already, in'} ${installed.directory}`,
        );
      }),
    );
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
