import { MANIFEST_NAME } from '@netspace/explorer';
import type { Command } from 'commander';

import { action, type CommandContext } from '../command-context.js';
import { addExportOptions, type ExportOptions, exportSpace, noteSample } from '../export/export-space.js';

/** `netspace export SPACE --zoo DIR --out DIR`: a folder that the explorer shows and that can be put online. */
export function addExport(program: Command): void {
  const command = program
    .command('export')
    .description('write a space and its networks as a folder that the explorer shows and any web server serves')
    .argument('<space>', 'folder of the space')
    .requiredOption('--zoo <dir...>', 'folders of the zoos with its networks')
    .requiredOption('--out <dir>', 'the folder to write, new or empty');
  addExportOptions(command).action(action(({ args, context }) => exportFolder(args[0]!, command.opts<ExportOptions>(), context)));
}

async function exportFolder(folder: string, options: ExportOptions, context: CommandContext): Promise<void> {
  const manifest = await exportSpace(folder, options, context);
  noteSample(manifest, options.out, context);
  if (options.title === undefined) context.note(`the page is titled ${JSON.stringify(manifest.title)}; --title TEXT gives another`);
  const count = manifest.networks.length;
  const heldOut = manifest.networks.filter((network) => network.heldOut).length;
  context.print(
    { folder: options.out, networks: count, heldOut, manifest: MANIFEST_NAME },
    () => `${count} networks, ${heldOut} of them held out, in ${options.out}`,
  );
}
