// `npx tsx experiments/pretrained/read-weights.ts ZOO.. [--from ZOO].. [--floor 0.17]`: how well plain statistics of the weights order the
// networks of some zoos by accuracy, and how well the length of their training does (Spearman, by architecture). It shows what an encoder
// could know of that order. The regression learns from the zoos of `--from`. Without them each twelfth of the networks is read off by a
// regression on the others.
import { parseArgs } from 'node:util';

import { spearman } from '@netspace/explore';
import { directoryFiles, selectRuntime } from '@netspace/node';
import { loadAll, openInstanceStore } from '@netspace/zoo';

import { weightStatistics } from '../embedding/weight-statistics.js';
import { readOut, type Rows } from '../shared/results/regression.js';
import { type Member, testAccuracyOf } from '../shared/zoo-stage.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { from: { type: 'string', multiple: true, default: [] }, floor: { type: 'string', default: '0' } },
});
if (positionals.length === 0) {
  console.error('Usage: read-weights.ts ZOO.. [--from ZOO].. [--floor 0.17]');
  process.exit(2);
}
const PARTS = 12;
await selectRuntime();
const [given, others] = [await networksOf(positionals), await networksOf(values.from)];
console.log('| architecture | networks | learned from | accuracy from statistics | length from statistics | accuracy and length |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const name of new Set(given.map(({ record }) => record.architecture))) {
  const [own, from] = [given, others].map((all) => all.filter(({ record }) => record.architecture === name)) as [Member[], Member[]];
  const [x, known] = [await statisticsOf(own), await statisticsOf(from)];
  const read = (of: (member: Member) => number): number => {
    const truth = own.map(of);
    return spearman(from.length === 0 ? crossRead(x, truth) : readOut({ x: known, y: from.map(of) }, { x, y: truth }).predicted, truth);
  };
  const length = ({ record }: Member): number => Math.log(record.epochs);
  const ranks = [read(testAccuracyOf), read(length), spearman(own.map(length), own.map(testAccuracyOf))];
  const cells = [name, own.length, from.length === 0 ? 'the others' : from.length, ...ranks.map((rank) => rank.toFixed(2))];
  console.log(`| ${cells.join(' | ')} |`);
}

async function networksOf(paths: readonly string[]): Promise<readonly Member[]> {
  const zoos = await Promise.all(paths.map((path) => loadAll(openInstanceStore(directoryFiles(path)))));
  return zoos.flat().filter((member) => testAccuracyOf(member) >= Number(values.floor));
}

function statisticsOf(members: readonly Member[]): Promise<Rows> {
  return Promise.all(members.map(({ instance }) => weightStatistics(instance)));
}

/** Each number as the networks of the other parts tell it. */
function crossRead(x: Rows, y: readonly number[]): readonly number[] {
  const read = Array<number>(y.length);
  for (let part = 0; part < Math.min(PARTS, y.length); part++) {
    const of = <T>(rows: readonly T[], own: boolean): T[] => rows.filter((_, i) => (i % PARTS === part) === own);
    const { predicted } = readOut({ x: of(x, false), y: of(y, false) }, { x: of(x, true), y: of(y, true) });
    of([...y.keys()], true).forEach((place, i) => (read[place] = predicted[i]!));
  }
  return read;
}
