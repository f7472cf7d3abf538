// `npm run reliability -- [FAULT …] [--kills N] [--minutes N] [--seed S] [--json FILE]`: makes each kind of fault of the machine happen many
// times and prints a table: tried, survived, lost. `--kills` says how often processes are killed; `--minutes` begins anew, with other seeds, until
// the time is over. Fails if anything is lost.
import '@tensorflow/tfjs';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import * as tf from '@tensorflow/tfjs-core';

import { FAULTS } from './faults.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string' },
    minutes: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});
await tf.setBackend('cpu');
const wanted = FAULTS.filter(({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)));
if (wanted.length === 0)
  throw new Error(`expected parts of the names ${FAULTS.map(({ name }) => name).join(', ')}; got ${positionals.join(', ')}`);
const table = new Map(wanted.map(({ name }) => [name, { tried: 0, lost: [] as string[], left: undefined as string | undefined }]));
const end = performance.now() + 60_000 * Number(values.minutes);
for (let turn = 0; turn === 0 || performance.now() < end; turn++) {
  for (const { name, tries, run } of wanted) {
    if (turn > 0 && performance.now() > end) break;
    const killed = name.startsWith('SIGKILL') && values.kills !== undefined;
    const { tried, lost, left } = await run({ tries: killed ? Number(values.kills) : tries[1], seed: Number(values.seed) + turn });
    const row = table.get(name)!;
    row.tried += tried;
    row.lost.push(...lost);
    row.left = left;
    console.log(`${name}: ${tried} tried, ${lost.length} lost${left === undefined ? '' : ` (not tried here: ${left})`}`);
    for (const one of lost.slice(0, 20)) console.log(`  ${one}`);
  }
}
const rows = [...table].map(([name, { tried, lost, left }]) => ({
  name,
  tried,
  survived: tried - lost.length,
  lost,
  ...(left !== undefined && { left }),
}));
console.log(
  [
    '',
    '| fault | tried | survived | lost |',
    '| --- | --: | --: | --: |',
    ...rows.map(({ name, tried, survived, lost }) => `| ${name} | ${tried} | ${survived} | ${lost.length} |`),
  ].join('\n'),
);
if (values.json !== undefined) await writeFile(values.json, JSON.stringify(rows, undefined, 1));
process.exit(rows.some(({ lost }) => lost.length > 0) ? 1 : 0);
