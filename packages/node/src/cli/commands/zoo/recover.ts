import { recoverInstances } from '@netspace/zoo';
import type { Command } from 'commander';

import { checkOutputAt, filesAt } from '../../../files/files-at.js';
import { alreadyReported } from '../../already-reported.js';
import { action } from '../../command-context.js';
import { refuseFilled } from '../../export/refuse-filled.js';
import { counted } from '../../output/counted.js';

/** `netspace zoo recover DIR --out NEW`: what is whole of a damaged zoo, such as half a copy, as a zoo. */
export function addZooRecover(zoo: Command): void {
  zoo
    .command('recover')
    .description('copy the undamaged networks of a damaged zoo, such as an unfinished copy, to a new zoo')
    .argument('<dir>', 'folder of the damaged zoo, which stays as it is')
    .requiredOption('--out <dir>', 'new folder of the zoo')
    .action(
      action(async ({ args: [folder], command, context }) => {
        const { out } = command.opts<{ readonly out: string }>();
        await checkOutputAt('--out', out);
        await refuseFilled('--out', out);
        const { names, lost, unchecked } = await recoverInstances(filesAt(folder!), filesAt(out), { signal: context.signal });
        for (const file of unchecked)
          context.note(`${file}: nothing is left that knows its hash; epochs, seeds and metrics of its networks are as it says`);
        for (const { name, problem } of lost) context.note(`${name}: ${problem}`);
        context.print({ zoo: folder, out, recovered: names.length, lost, unchecked }, () =>
          [
            `${counted(names.length, 'network')} of ${folder} copied to ${out}, each with the SHA-256 of its record`,
            ...(lost.length > 0 ? [`${lost.length} things are lost`] : []),
          ].join('; '),
        );
        if (lost.length > 0) throw alreadyReported;
      }),
    );
}
