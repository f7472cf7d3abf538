import { NetSpaceError } from '@netspace/prep';
import type { Command } from 'commander';

import { alreadyReported } from '../already-reported.js';
import { action } from '../command-context.js';
import { openZoo } from '../files/open-zoo.js';

/** `netspace zoo verify DIR`: reads every file and compares it with the manifest; fails if one is not what was added. */
export function addZooVerify(zoo: Command): void {
  zoo
    .command('verify')
    .description('check every file of a zoo against its manifest')
    .argument('<dir>', 'folder of the zoo')
    .action(
      action(async ({ args: [folder], context }) => {
        const { store, records } = await openZoo(folder!);
        await context.startRuntime();
        const problems = await store.verify({ signal: context.signal });
        await context.throwIfStopped();
        if (problems.length > 0 && !context.json) {
          for (const { name, problem } of problems) context.note(`${name}: ${problem}`);
          throw new NetSpaceError('CORRUPT_FILE', `zoo verify: ${problems.length} of ${records.length} instances in ${folder} are damaged`);
        }
        context.print({ checked: records.length, problems }, () => `${records.length} instances, all as they were added`);
        if (problems.length > 0) throw alreadyReported;
      }),
    );
}
