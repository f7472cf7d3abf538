import { NetSpaceError } from '@netspace/prep';
import type { InstanceRecord } from '@netspace/zoo';
import type { Command } from 'commander';

import { alreadyReported } from '../../already-reported.js';
import { action } from '../../command-context.js';
import { filesAt } from '../../../files/files-at.js';
import { openZoo } from '../../files/open-zoo.js';
import { counted } from '../../output/counted.js';

/**
 * `netspace zoo verify DIR`: reads every file and compares it with the index; fails if one is not what was added. Files that the index
 * does not name are listed, and left where they are.
 */
export function addZooVerify(zoo: Command): void {
  zoo
    .command('verify')
    .description('check every network of a zoo against its index')
    .argument('<dir>', 'folder of the zoo')
    .action(
      action(async ({ args: [folder], context }) => {
        const { store, records, strangers } = await openZoo(folder!, { ...context, runs: 'none' });
        const stray = await strayFiles(folder!, records);
        await context.startRuntime();
        const problems = await store.verify({ signal: context.signal });
        await context.throwIfStopped();
        if (problems.length > 0 && !context.json) {
          for (const { name, problem } of problems) context.note(`${name}: ${problem}`);
          const named = new Set(records.map(({ name }) => name));
          const files = problems.filter(({ name }) => !named.has(name)).length;
          throw new NetSpaceError(
            'CORRUPT_FILE',
            `zoo verify: ${problems.length - files} of ${records.length} instances${files === 0 ? '' : `, and ${counted(files, 'file')} that they share,`} in ${folder} are damaged`,
          );
        }
        context.print(
          { checked: records.length, problems, stray, unknown: strangers.length },
          () => `${records.length} instances, all as they were added${unknownOf(strangers)}${told(stray)}`,
        );
        if (problems.length > 0) throw alreadyReported;
      }),
    );
}

/** Files in the folders of networks and of what they share that belong to no network. */
async function strayFiles(folder: string, records: readonly InstanceRecord[]): Promise<readonly string[]> {
  const named = new Set(records.map(({ file }) => file));
  const found = await Promise.all(
    ['instances', 'shards'].map(async (below) => {
      const names = await filesAt(folder).list!(below).catch(() => []); // what is missing, the store's own check says
      return names.map((name) => `${below}/${name}`);
    }),
  );
  return found
    .flat()
    .filter((file) => !named.has(file))
    .sort();
}

/** Of these, names and shapes of the parameters were not checked. */
function unknownOf(strangers: readonly InstanceRecord[]): string {
  if (strangers.length === 0) return '';
  const names = [...new Set(strangers.map(({ architecture }) => architecture))];
  return `; ${strangers.length} of them of architectures that the command does not know (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}): only their bytes and numbers were checked`;
}

function told(stray: readonly string[]): string {
  if (stray.length === 0) return '';
  const names = stray.slice(0, 10).map((file) => JSON.stringify(file));
  const more = stray.length > 10 ? ` and ${stray.length - 10} more` : '';
  return `; not in the index, so not part of the zoo: ${names.join(', ')}${more}`;
}
