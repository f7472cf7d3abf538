import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

import { MANIFEST_NAME } from '@netspace/explorer';
import { NetSpaceError } from '@netspace/prep';
import type { Command } from 'commander';

import { checkOutput } from '../../files/check-output.js';
import { action, type CommandContext } from '../command-context.js';
import { addExportOptions, type ExportOptions, exportSpace, noteSample } from '../export/export-space.js';
import { refuseFilled } from '../export/refuse-filled.js';
import { explorerPage } from '../explore/explorer-page.js';
import { readExportedFolder } from '../explore/read-folder.js';
import { serveSite } from '../explore/serve-site.js';
import { whenOrphaned } from '../explore/when-orphaned.js';
import { addPage, WORKFLOW } from '../explore/write-site.js';
import { CLI_LIMITS, countOption } from '../options/number-option.js';
import { quoted } from '../training/way-on.js';

interface Options extends Partial<ExportOptions> {
  readonly port: number;
  readonly weights: ExportOptions['weights'];
}

/** `netspace explore SPACE`: shows a space in a browser, or writes the site that does. */
export function addExplore(program: Command): void {
  const command = program
    .command('explore')
    .description('show a space in a browser: a map of its networks, walks, networks at work; or write all of this as a site')
    .argument('<space>', 'a folder that netspace export wrote, or the folder of a space, which then needs --zoo')
    .option('--zoo <dir...>', 'folders of the zoos with its networks')
    .option('--out <dir>', 'write a static site there, new or empty, in place of serving it here')
    .option('--port <n>', 'port on this machine; 0 takes any free port', countOption(CLI_LIMITS.port, 0), 8017);
  addExportOptions(command).action(action(({ args, context }) => explore(args[0]!, command, context)));
}

async function explore(folder: string, command: Command, context: CommandContext): Promise<void> {
  const options = command.opts<Options>();
  const { out, port } = options;
  const page = await explorerPage();
  const exported = (await readExportedFolder(folder)) !== undefined;
  if (exported) refuseExportOptions(folder, command);
  else if (options.zoo === undefined) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `explore: expected ${MANIFEST_NAME} in ${folder}, or the folders of its zoos as --zoo, got neither; name its zoos with --zoo, or export the space first (${context.netspace} export)`,
    );
  }
  if (out !== undefined) {
    await checkOutput('--out', out, 'folder');
    await refuseFilled('--out', out);
    if (exported) await cp(folder, out, { recursive: true });
    else noteSample(await exportSpace(folder, asExport(options, out), context), out, context);
    await addPage(out, page);
    context.print({ site: out, workflow: join(out, WORKFLOW) }, () =>
      [
        `the site is in the folder ${out}; any web server shows it, for example: npx sirv-cli ${quoted(out)}`,
        `${WORKFLOW} in it publishes it with GitHub Pages`,
      ].join('\n'),
    );
    return;
  }
  const made = exported ? undefined : await mkdtemp(join(tmpdir(), 'netspace-explore-'));
  try {
    // The folder of the space names the page: the one that is made here has no name that means something.
    if (made !== undefined) await exportSpace(folder, { title: basename(resolve(folder)), ...asExport(options, made) }, context);
    const { address, server } = await serveSite([page, made ?? folder], port);
    context.print({ address }, () => `${folder} at ${address}\nCtrl-C ends it.`);
    const ended = new AbortController();
    const unwatch = whenOrphaned(() => ended.abort());
    if (!context.signal.aborted) await Promise.race([once(context.signal, 'abort'), once(ended.signal, 'abort')]);
    unwatch();
    server.close();
    server.closeAllConnections();
  } finally {
    if (made !== undefined) await rm(made, { recursive: true, force: true });
  }
}

const asExport = ({ port: _, zoo = [], ...options }: Options, out: string): ExportOptions => ({ ...options, zoo, out });

/** A folder that was exported is shown as it is: options that would have changed it are refused, so that none is ignored. */
function refuseExportOptions(folder: string, command: Command): void {
  for (const { long, attributeName } of command.options.map((option) => ({ long: option.long, attributeName: option.attributeName() }))) {
    if (['out', 'port'].includes(attributeName) || command.getOptionValueSource(attributeName) !== 'cli') continue;
    throw new NetSpaceError(
      'INVALID_OPTION',
      `explore: expected no ${long} for ${folder}, which was exported already; leave it out, or name the space itself and its --zoo`,
    );
  }
}
