import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { MANIFEST_NAME, readExplorerManifest } from '@netspace/explorer';
import { NetSpaceError } from '@netspace/prep';
import type { Command } from 'commander';

import { isMissing } from '../../../files/file-problem.js';
import { readRegularFile } from '../../../files/read-regular-file.js';
import { hubAccess, parseHubPlace } from '../../../hub/hub-place.js';
import { HUB_LIMITS } from '../../../hub/hub-limits.js';
import { modelCard } from '../../../hub/model-card.js';
import { pushFolder } from '../../../hub/push-folder.js';
import { action, type CommandContext } from '../../command-context.js';
import { counted } from '../../output/counted.js';
import { sizeText } from '../../output/size-text.js';
import { commandLine } from '../../training/way-on.js';

interface PushCommandOptions {
  readonly message: string;
  readonly private?: boolean;
}

/** `netspace push FOLDER OWNER/NAME`: an exported space into a repository of a Hugging Face hub. */
export function addPush(program: Command): void {
  const command = program
    .command('push')
    .description(
      'upload an exported space to a repository of a Hugging Face hub; set HF_TOKEN to a token that may write, and HF_ENDPOINT for another hub',
    )
    .argument('<folder>', 'a folder that netspace export wrote')
    .argument('<repository>', 'OWNER/NAME; it is made if it does not exist')
    .option('--message <text>', 'message of the commit', 'Upload a space of NetSpace')
    .option('--private', 'if the repository is new, only its owner can see it');
  command.action(action(({ args, context }) => push(args[0]!, args[1]!, command.opts<PushCommandOptions>(), context)));
}

async function push(
  folder: string,
  to: string,
  { message, private: isPrivate = false }: PushCommandOptions,
  context: CommandContext,
): Promise<void> {
  const place = parseHubPlace(to);
  if (place.kind === 'web' || to.includes('@')) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `push: expected OWNER/NAME, got ${to}; copy the folder to a web server with its own tools, and others pull it from there`,
    );
  }
  const access = hubAccess(); // a wrong token or address is told before anything is read
  const manifest = readExplorerManifest(await manifestBytes(folder, context));
  const hasCard = await stat(join(folder, 'README.md')).then(() => true, (error: unknown) => (isMissing(error) ? false : Promise.reject(error as Error))); // prettier-ignore
  const pushed = await pushFolder(folder, place.repository, {
    ...access,
    ...{ message, isPrivate, signal: context.signal },
    onReady: ({ files, bytes, isNew, hub }) =>
      context.note(
        `uploading ${counted(files, 'file')}, ${sizeText(bytes)}, to ${isNew ? 'the new repository ' : ''}${place.repository} at ${hub}`,
      ),
    extra: hasCard ? {} : { 'README.md': modelCard(manifest) },
  });
  context.print(
    { repository: place.repository, ...pushed },
    () => `${counted(pushed.files, 'file')}, ${sizeText(pushed.bytes)}, in ${place.repository}: ${pushed.url}`,
  );
}

async function manifestBytes(folder: string, context: CommandContext): Promise<Uint8Array> {
  try {
    return await readRegularFile('push', join(folder, MANIFEST_NAME), HUB_LIMITS.fileBytes);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const advice = `write one first: ${commandLine(context, ['export', folder])} --zoo ZOO --out FOLDER`;
    throw new NetSpaceError(
      'NOT_FOUND',
      `push: expected a folder that netspace export wrote, got ${folder} without ${MANIFEST_NAME}; ${advice}`,
    );
  }
}
