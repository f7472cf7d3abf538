// `npx tsx experiments/pretrained/graded.ts NAME ARCHITECTURE --first SEED --count N --out DIR [--at-once K] [--steps A,B]` trains N more
// networks of `pretrained/NAME`, as its experiment trains them, but from seeds of their own: to measure a space on them (`order.ts --zoo DIR`)
// or to go on training it (`further.ts`). K of them are trained at once. This takes a fourth of the processor time of one after the other; the
// numbers are the same to rounding. Their trainings take A to B steps, by default as many as in the experiment.
import { parseArgs } from 'node:util';

import { buildZoo, selectRuntime, zooInFolder } from '@netspace/node';

import { gradedGroups } from '../shared/graded/graded-zoo.js';
import { imagesOf } from '../shared/images.js';
import { untilSignal } from '../shared/until-signal.js';
import { gradedSpace, gradedSpaces } from './graded-spaces.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    first: { type: 'string' },
    count: { type: 'string' },
    out: { type: 'string' },
    'at-once': { type: 'string', default: '16' },
    steps: { type: 'string' },
  },
});
const [name = '', architecture] = positionals;
const space = gradedSpace(name);
const zoo = space?.zoos.find((one) => one.architecture === architecture);
const { out } = values;
const steps = values.steps?.split(',').map(Number) ?? zoo?.steps;
const [first, count, atOnce] = [values.first, values.count, values['at-once']].map(Number) as [number, number, number];
if (space === undefined || zoo === undefined || out === undefined || steps?.length !== 2 || !Number.isInteger(first) || !(count > 1)) {
  const known = Object.entries(gradedSpaces).flatMap(([one, { zoos }]) => zoos.map((zoo) => `${one} ${zoo.architecture}`));
  console.error(`Usage: graded.ts NAME ARCHITECTURE --first SEED --count N --out DIR [--at-once K] [--steps A,B]\nof\n  ${known.join('\n  ')}`);
  process.exit(2);
}
const runtime = await selectRuntime();
const { train, test } = await imagesOf(space.data);
const recipe = { data: train.name, seed: 0, atOnce, groups: gradedGroups({ ...zoo, steps: [steps[0]!, steps[1]!], count }, { first }) };
await untilSignal(async (signal) => {
  await zooInFolder(out, {
    ...{ command: `graded ${name}`, config: recipe, seed: 0, runtime },
    build: (store) => buildZoo(recipe, { store, train, test, signal }),
    onAddition: ({ done, total, record }) => console.log(`${done} of ${total}, ${record.name}: ${JSON.stringify(record.metrics)}`),
  });
});
