// `npx tsx --tsconfig tsconfig.json experiments/novelty/main.ts SPACE ZOO [--every N] [--out DIR]`: the measures of the experiment for another
// space of one architecture of digit classifiers. Of each N networks of the zoo, the one in the middle is held out.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { NetSpace } from '@netspace/model';
import { directoryFiles, loadMnist, registerFileHandler, selectRuntime } from '@netspace/node';
import { architectureByName, loadAll, openInstanceStore } from '@netspace/zoo';

import { CONFIGS } from './config.js';
import { chart, measureKinds, mistakes } from './measure-kinds.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { every: { type: 'string', default: '5' }, out: { type: 'string', default: 'out/novelty' } },
});
const [folder, zooFolder] = positionals;
if (folder === undefined || zooFolder === undefined) throw new Error('Usage: main.ts SPACE ZOO [--every N] [--out DIR]');
const every = Number(values.every);
await selectRuntime();
registerFileHandler();
const space = await NetSpace.load(`file://${folder}`, { architectures: architectureByName });
const all = [...(await loadAll(openInstanceStore(directoryFiles(zooFolder))))].sort((a, b) => a.record.seed - b.record.seed);
const isHeldOut = (i: number): boolean => i % every === Math.floor(every / 2);
const zoo = { known: all.filter((_, i) => !isHeldOut(i)), heldOut: all.filter((_, i) => isHeldOut(i)) };
const { test } = await loadMnist();
const { space: _, ...config } = CONFIGS.small;
const measured = await measureKinds({ space, zoo, test }, { ...config, seed: 0, log: (line) => console.log(line) });
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'results.json'), `${JSON.stringify(measured, undefined, 2)}\n`);
const figures = [chart('novelty', 'Nearest instance trained on, by weights and by outputs', measured), mistakes('mistakes', 'How good, and how new by mistakes', measured)]; // prettier-ignore
for (const { name, content } of figures) await writeFile(join(values.out, name), content);
