import { upgradeStore } from '@netspace/zoo';
import type { Command } from 'commander';

import { filesAt } from '../../../files/files-at.js';
import { action } from '../../command-context.js';
import { openZoo } from '../../files/open-zoo.js';
import { counted } from '../../output/counted.js';

/** `netspace zoo upgrade DIR`: moves a zoo that an earlier version wrote into files that many networks share. */
export function addZooUpgrade(zoo: Command): void {
  zoo
    .command('upgrade')
    .description('move a zoo of an earlier version into files that many networks share')
    .argument('<dir>', 'folder of the zoo')
    .action(
      action(async ({ args: [folder], context }) => {
        await openZoo(folder!, { ...context, runs: 'none' });
        const moved = await upgradeStore(filesAt(folder!), { signal: context.signal });
        context.print({ zoo: folder, moved }, () =>
          moved === 0 ? `${folder} is of this version already` : `${counted(moved, 'network')} of ${folder} moved`,
        );
      }),
    );
}
