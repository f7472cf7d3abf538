import type { Command } from 'commander';

import { jobFolder } from '../../../jobs/folder/job-folder.js';
import { action } from '../../command-context.js';
import { counted } from '../../output/counted.js';
import { zooAt } from '../../zoo/zoo-at.js';

/** `netspace zoo retry DIR`: jobs that failed too often are tried again by the next build. */
export function addZooRetry(zoo: Command): void {
  zoo
    .command('retry')
    .description('put back the jobs that builds have set aside: the next build tries them again')
    .argument('<dir>', 'folder of the zoo')
    .action(
      action(async ({ args, context }) => {
        const folder = args[0]!;
        const jobs = jobFolder(folder);
        const aside = await jobs.listSetAside();
        if (aside.length === 0) await zooAt('zoo retry', folder, context); // a mistyped one
        for (const { key } of aside) await jobs.putBack(key);
        context.print({ zoo: folder, putBack: aside.map(({ title, names }) => ({ title, names })) }, () =>
          aside.length === 0
            ? `no job of ${folder} is set aside`
            : [`${counted(aside.length, 'job')} put back; build ${folder} again`, ...aside.map(({ title }) => title)].join('\n'),
        );
      }),
    );
}
