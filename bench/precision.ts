// `NETSPACE_THREADS=1 OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 npx tsx --tsconfig tsconfig.json bench/precision.ts steps|quality [ROUNDS|STEPS] [ONLY|SEEDS]`:
// what bfloat16 products bring to a training step, in turns within one process, and what they cost a space of digits.
import { loadavg } from 'node:os';
import { join } from 'node:path';

import { type Precision, setPrecision } from '@netspace/kernels';
import { selectRuntime } from '@netspace/node';
import { trainNetSpace } from '@netspace/train';

import { median } from './measure.js';
import { judgeOf } from './quality/judge.js';
import { qualityZoo, spaceOf } from './quality/quality-zoo.js';
import { RECIPES } from './quality/recipes.js';
import { rounds } from './rounds.js';
import { SCENARIOS } from './scenario.js';

const [what = 'steps', count, only = ''] = process.argv.slice(2);
const PRECISIONS: readonly Precision[] = ['float32', 'bfloat16'];
const runtime = await selectRuntime({ precision: 'bfloat16' }); // refused where it has no effect

const zooFolder = join(new URL('..', import.meta.url).pathname, 'out', 'bench', 'quality', 'zoo');
/** A zoo of one precision, whoever asks first. */
async function digits() {
  setPrecision('float32');
  return qualityZoo(zooFolder, { ...runtime, precision: 'float32' });
}

/** Processor seconds of a call. */
async function taken(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function compareSteps(): Promise<void> {
  const zoo = await digits();
  const instances = zoo.known.map(({ instance }) => instance);
  const ofRecipe = ({ name, batch, task }: (typeof RECIPES)[keyof typeof RECIPES]) => {
    const more = { task: { kind: 'classification', dataset: zoo.train, cacheTargets: false, ...task } as const, batch };
    const steps = trainNetSpace(spaceOf(RECIPES[name], zoo, 0), { instances, ...more, steps: 1e6, learningRate: 1e-4, readEvery: 1 });
    return () => steps.next();
  };
  const cases: Readonly<Record<string, () => () => Promise<unknown>>> = {
    ...Object.fromEntries(SCENARIOS['steps']!.filter(({ kind }) => kind !== 'multi').map((one) => [one.name, () => rounds(one)])),
    'digits, recommended recipe (preset small)': () => ofRecipe(RECIPES.recommended),
    "digits, the paper's recipe (preset paper, PReps 4×800)": () => ofRecipe(RECIPES.paper),
  };
  console.log('| step | rounds | float32, s | bfloat16, s | ratio of each pair, median | load |\n| --- | --- | --- | --- | --- | --- |');
  for (const [name, make] of Object.entries(cases).filter(([one]) => one.includes(only))) {
    const round = make();
    const seconds = PRECISIONS.map((): number[] => []);
    for (let i = -2; i < Number(count ?? 20); i++) {
      // the order changes from round to round
      for (const at of i % 2 === 0 ? [0, 1] : [1, 0]) {
        setPrecision(PRECISIONS[at]!);
        const one = await taken(round);
        if (i >= 0) seconds[at]!.push(one);
      }
    }
    const [exact, rounded] = seconds as [number[], number[]];
    const ratio = median(exact.map((one, i) => one / rounded[i]!));
    console.log(
      `| ${name} | ${exact.length} | ${median(exact).toFixed(3)} | ${median(rounded).toFixed(3)} | ${ratio.toFixed(2)}× | ${loadavg()[0]!.toFixed(1)} |`,
    );
  }
}

async function compareQuality(): Promise<void> {
  const zoo = await digits();
  const judge = await judgeOf(zoo);
  const steps = Number(count ?? 300);
  console.log(
    '| recipe | seed | precision | steps | difference, points | Spearman | agreement | processor, s |\n' + '| --- '.repeat(8) + '|',
  );
  for (const recipe of Object.values(RECIPES)) {
    for (const seed of (only === '' ? '0' : only).split(',').map(Number)) {
      for (const precision of PRECISIONS) {
        setPrecision(precision);
        const space = spaceOf(recipe, zoo, seed);
        const training = trainNetSpace(space, {
          instances: zoo.known.map(({ instance }) => instance),
          task: { kind: 'classification', dataset: zoo.train, ...recipe.task },
          ...{ steps, batch: recipe.batch, learningRate: recipe.learningRate, seed, readEvery: 100 },
          augment: { permuteChannels: recipe.permuteChannels },
        });
        const seconds = await taken(async () => {
          for await (const _ of training);
        });
        const { preps } = space.decode(space.encode(space.pack(zoo.heldOut.map(({ instance }) => instance))));
        setPrecision('float32'); // one judge for both
        const { difference, spearman, agreement } = await judge(await preps.data<'float32'>(), space.config.prepShape);
        preps.dispose();
        space.dispose();
        console.log(
          `| ${recipe.name} | ${seed} | ${precision} | ${steps} | ${(100 * difference).toFixed(2)} | ${spearman.toFixed(3)} | ${(100 * agreement).toFixed(1)} % | ${seconds.toFixed(0)} |`,
        );
      }
    }
  }
}

await (what === 'quality' ? compareQuality() : compareSteps());
