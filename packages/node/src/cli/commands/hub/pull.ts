import type { Command } from 'commander';

import { checkOutput } from '../../../files/check-output.js';
import { hubAccess, parseHubPlace } from '../../../hub/hub-place.js';
import { pullFolder } from '../../../hub/pull-folder.js';
import { action, type CommandContext } from '../../command-context.js';
import { refuseFilled } from '../../export/refuse-filled.js';
import { counted } from '../../output/counted.js';
import { sizeText } from '../../output/size-text.js';

/** `netspace pull FROM DIR`: a folder from a Hugging Face hub or any web server. */
export function addPull(program: Command): void {
  program
    .command('pull')
    .description('download a space from a hub or from any web server; for a private repository HF_TOKEN holds the token')
    .argument('<from>', 'OWNER/NAME, OWNER/NAME@REVISION, or the http address of a folder that netspace export wrote')
    .argument('<folder>', 'the folder to write, new or empty; an unfinished download is kept in FOLDER.partial')
    .action(action(({ args, context }) => pull(args[0]!, args[1]!, context)));
}

async function pull(from: string, folder: string, context: CommandContext): Promise<void> {
  const place = parseHubPlace(from);
  await checkOutput('<folder>', folder, 'folder');
  await refuseFilled('<folder>', folder);
  let bar: ReturnType<CommandContext['progress']> | undefined;
  try {
    const pulled = await pullFolder(place, folder.replace(/[/\\]+$/, ''), {
      ...(place.kind === 'hub' ? hubAccess() : { endpoint: undefined, token: undefined }),
      signal: context.signal,
      onBytes: (done, total) =>
        (bar ??= context.progress('download', total, { as: 'percent' })).update(done, `${sizeText(done)} of ${sizeText(total)}`),
    });
    context.print({ folder, ...pulled }, () => `${counted(pulled.files, 'file')}, ${sizeText(pulled.bytes)}, in ${folder}`);
  } finally {
    bar?.stop();
  }
}
