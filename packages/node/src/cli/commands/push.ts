import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { MANIFEST_NAME, readExplorerManifest } from '@netspace/explorer';
import { NetSpaceError } from '@netspace/prep';
import type { Command } from 'commander';

import { isMissing } from '../../files/file-problem.js';
import { readRegularFile } from '../../files/read-regular-file.js';
import { hubAccess, parseHubPlace } from '../../hub/hub-place.js';
import { HUB_LIMITS } from '../../hub/hub-limits.js';
import { modelCard } from '../../hub/model-card.js';
import { pushFolder } from '../../hub/push-folder.js';
import { action, type CommandContext } from '../command-context.js';

interface PushCommandOptions {
  readonly message: string;
  readonly private?: boolean;
}

/** `netspace push FOLDER OWNER/NAME`: an exported space into a repository of a Hugging Face hub. */
export function addPush(program: Command): void {
  const command = program
    .command('push')
    .description(
      'put an exported space into a repository of a Hugging Face hub; HF_TOKEN holds the token, HF_ENDPOINT the address of another hub',
    )
    .argument('<folder>', 'a folder that netspace export wrote')
    .argument('<repository>', 'OWNER/NAME; it is made if it does not exist')
    .option('--message <text>', 'message of the commit', 'Put the space here')
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
  const manifest = readExplorerManifest(await manifestBytes(folder));
  const hasCard = await access(join(folder, 'README.md')).then(() => true, (error: unknown) => (isMissing(error) ? false : Promise.reject(error as Error))); // prettier-ignore
  context.note(`pushing ${folder} to ${place.repository}`);
  const pushed = await pushFolder(folder, place.repository, {
    ...hubAccess(),
    ...{ message, isPrivate, signal: context.signal },
    extra: hasCard ? {} : { 'README.md': modelCard(manifest) },
  });
  context.print(
    { repository: place.repository, ...pushed },
    () => `${pushed.files} files, ${pushed.bytes} bytes, in ${place.repository}: ${pushed.url}`,
  );
}

async function manifestBytes(folder: string): Promise<Uint8Array> {
  try {
    return await readRegularFile('push', join(folder, MANIFEST_NAME), HUB_LIMITS.fileBytes);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const advice = `write one first: netspace export ${folder} --zoo ZOO --out FOLDER`;
    throw new NetSpaceError(
      'NOT_FOUND',
      `push: expected a folder that netspace export wrote, got ${folder} without ${MANIFEST_NAME}; ${advice}`,
    );
  }
}
