// Run by a test, in a process of its own: holds the folder for ever, or counts to 20 in a file, one locked turn for each number.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { withFolderLock } from '../folder-lock.js';

const [folder = ''] = process.argv.slice(2);
const file = join(folder, 'count');

process.once('message', (task) => {
  void (task === 'hold' ? hold() : count()).then(() => process.disconnect());
});
process.send?.('ready');

const hold = () =>
  withFolderLock(folder, async () => {
    process.send?.('holding');
    await setTimeout(600_000);
  });

async function count(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await withFolderLock(folder, async () => {
      const before = Number(await readFile(file, 'utf8').catch(() => '0'));
      await setTimeout(1); // time for another process to read the same number, if it could
      await writeFile(file, String(before + 1));
    });
  }
}
