// `npx tsx experiments/pretrained/main.ts NAME --space DIR --zoo DIR.. --results FILE (--held-out A,B | --held-out-seeds 0,1) [--data SPEC]`
// makes `pretrained/NAME/`: `space/`, `zoo-heldout/` and `card.md`, of a space that an experiment trained; the card's text is `cards/NAME.md`.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { selectRuntime } from '@netspace/node';
import type { InstanceRecord } from '@netspace/zoo';

import { formatMarkdown } from '../shared/format-markdown.js';
import { root } from '../shared/root.js';
import { exportPretrained, writeCard } from './export-pretrained.js';
import { fillCard } from './fill-card.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    space: { type: 'string' },
    zoo: { type: 'string', multiple: true },
    results: { type: 'string' },
    'held-out': { type: 'string' },
    'held-out-seeds': { type: 'string' },
    data: { type: 'string' },
  },
});
const [name] = positionals;
const { space, zoo: zoos, results, data, 'held-out': names, 'held-out-seeds': seeds } = values;
if (name === undefined || space === undefined || zoos === undefined || results === undefined || (names ?? seeds) === undefined) {
  console.error('Usage: main.ts NAME --space DIR --zoo DIR.. --results FILE (--held-out A,B | --held-out-seeds 0,1) [--data SPEC]');
  process.exit(2);
}

await selectRuntime();
const folder = join(root, 'pretrained', name);
const isHeldOut = (record: InstanceRecord): boolean =>
  (names?.split(',').includes(record.name) ?? false) || (seeds?.split(',').map(Number).includes(record.seed) ?? false);
const measured = await exportPretrained(folder, { space, zoos, isHeldOut, data });
const facts = { ...(JSON.parse(await readFile(results, 'utf8')) as object), pretrained: measured };
const template = join(root, 'experiments/pretrained/cards', `${name}.md`);
const text = fillCard(await readFile(template, 'utf8'), facts);
await writeCard(folder, await formatMarkdown(text));
console.log(`Written to ${folder}, ${measured.megabytes.toFixed(2)} MB`);
