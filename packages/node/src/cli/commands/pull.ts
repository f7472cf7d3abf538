import type { Command } from 'commander';

import { checkOutput } from '../../files/check-output.js';
import { hubAccess, parseHubPlace } from '../../hub/hub-place.js';
import { pullFolder } from '../../hub/pull-folder.js';
import { action, type CommandContext } from '../command-context.js';
import { refuseFilled } from '../export/refuse-filled.js';

/** `netspace pull FROM DIR`: a folder from a Hugging Face hub or any web server. */
export function addPull(program: Command): void {
  program
    .command('pull')
    .description('bring a space that was pushed to a hub, or that lies on any web server; HF_TOKEN holds the token of what is private')
    .argument('<from>', 'OWNER/NAME, OWNER/NAME@REVISION, or the http address of a folder that netspace export wrote')
    .argument('<folder>', 'the folder to write, new or empty; what has come so far waits in FOLDER.partial')
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
      onBytes: (done, total) => (bar ??= context.progress('bytes', total)).update(done),
    });
    context.print({ folder, ...pulled }, () => `${pulled.files} files, ${pulled.bytes} bytes, in ${folder}`);
  } finally {
    bar?.stop();
  }
}
