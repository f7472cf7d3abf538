import { mkdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';

import { selectRuntime } from '@netspace/node';
import { requiredPRepShape } from '@netspace/prep';

import { type Contender, startContender } from '../contender.js';
import { machineFacts, taken } from '../results.js';
import { writeExchange } from './exchange.js';
import { type Judge, judgeOf } from './judge.js';
import { qualityZoo, type QualityZoo } from './quality-zoo.js';
import { type QualityRecipe, RECIPES, stepOfLook } from './recipes.js';
import { type QualityPoint, type QualityRun, writeQuality } from './quality-results.js';
import type { QualityTask } from './serve-quality.js';

interface BenchQualityOptions {
  readonly out: string;
  readonly plots: string;
  /** A part of the names of the contenders to run. */
  readonly only: string;
  readonly runtimes: readonly string[];
  readonly python: string | undefined;
  readonly seeds: readonly number[];
  /** Minutes of processor time after which a run of the paper's recipe ends. */
  readonly minutes: number;
  readonly threads: number;
  readonly env: NodeJS.ProcessEnv;
}

const root = new URL('../..', import.meta.url).pathname;
const work = join(root, 'out', 'bench', 'quality');

interface Starter {
  readonly name: string;
  readonly recipe: QualityRecipe;
  /** @param folder where the PReps that it predicts go */
  start(seed: number, folder: string): Promise<Contender>;
}

/** Learns one space with each contender, one after the other, and judges what each makes of networks that it never saw. */
export async function benchQuality(options: BenchQualityOptions): Promise<void> {
  const { out, plots, only, seeds, minutes, threads, python } = options;
  const runtime = await selectRuntime({ prefer: options.runtimes[0] as 'tensorflow' });
  const zoo = await qualityZoo(join(work, 'zoo'), runtime);
  const judge = await judgeOf(zoo);
  console.log(`quality: ${zoo.known.length} networks to learn from, ${zoo.heldOut.length} held out`);
  for (const seed of seeds) {
    for (const starter of startersOf(options).filter(({ name }) => name.includes(only))) {
      const folder = join(work, `${starter.name.replaceAll(/\W+/g, '-')}-${seed}`);
      mkdirSync(folder, { recursive: true });
      if (starter.name.startsWith('pytorch')) await writeExchange(folder, starter.recipe, zoo, seed);
      const save = (run: QualityRun): void => writeQuality({ out, plots }, machineFacts(threads, python), run);
      await learn(starter, { seed, folder, zoo, judge, minutes, save });
    }
  }
}

function startersOf({ runtimes, python, threads, env }: BenchQualityOptions): readonly Starter[] {
  const recipes = Object.values(RECIPES);
  const ours = runtimes.flatMap((runtime) =>
    recipes.map((recipe): Starter => {
      const start = (seed: number, folder: string) => {
        const task: QualityTask = { recipe: recipe.name, seed, zoo: join(work, 'zoo'), folder };
        const args = ['--import', 'tsx', `${root}bench/quality/serve-quality.ts`, runtime, JSON.stringify(task)];
        return startContender(runtime, process.execPath, args, { ...env, NETSPACE_THREADS: String(threads), TSX_TSCONFIG_PATH: `${root}tsconfig.json` }); // prettier-ignore
      };
      return { name: `${runtime}, ${recipe.name} recipe`, recipe, start };
    }),
  );
  if (python === undefined) return ours;
  const theirs = recipes.map((recipe): Starter => {
    const args = (folder: string) => [`${root}bench/peers/quality.py`, '--folder', folder, '--threads', String(threads)];
    // Threads that wait must not count as processor time.
    const start = (_seed: number, folder: string) =>
      startContender('pytorch', python, args(folder), { ...env, OMP_WAIT_POLICY: 'PASSIVE' });
    return { name: `pytorch, ${recipe.name} recipe`, recipe, start };
  });
  return [...ours, ...theirs];
}

interface Learning {
  readonly seed: number;
  readonly folder: string;
  readonly zoo: QualityZoo;
  readonly judge: Judge;
  readonly minutes: number;
  save(run: QualityRun): void;
}

/** One run, kept after each look. */
async function learn({ name, recipe, start }: Starter, { seed, folder, zoo, judge, minutes, save }: Learning): Promise<void> {
  const contender = await start(seed, folder);
  const shape = requiredPRepShape(zoo.heldOut[0]!.instance.architecture, { width: recipe.prepWidth });
  const points: QualityPoint[] = [];
  let [seconds, processorSeconds, peakBytes] = [0, 0, 0];
  try {
    for (let look = 0; ; look++) {
      const round = await contender.run();
      [seconds, processorSeconds, peakBytes] = [seconds + round.seconds, processorSeconds + round.processorSeconds, round.peakBytes];
      const { buffer } = Uint8Array.from(readFileSync(join(folder, 'predicted.f32')));
      const step = stepOfLook(recipe, look);
      const point: QualityPoint = {
        step,
        seconds,
        processorSeconds,
        ...(await judge(new Float32Array(buffer), shape)),
        load: loadavg()[0]!,
      };
      points.push(point);
      const isOver = step === recipe.steps || processorSeconds >= 60 * minutes;
      save({ contender: name, seed, taken: taken(), isOver, peakBytes, points });
      const figures = `difference ${(100 * point.difference).toFixed(1)}, Spearman ${point.spearman.toFixed(2)}, agreement ${(100 * point.agreement).toFixed(0)} %`;
      console.log(
        `${name}, seed ${seed}: step ${step}, ${processorSeconds.toFixed(0)} s of processor, ${seconds.toFixed(0)} s: ${figures}`,
      );
      if (isOver) return;
    }
  } finally {
    contender.stop();
  }
}
