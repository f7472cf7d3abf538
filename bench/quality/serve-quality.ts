// Learns a space until the next look on request: `serve-quality.ts RUNTIME TASK_JSON`; a line in is a look, a JSON line out the time until it.
// The twin of peers/quality.py.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { registerFileHandler, selectRuntime } from '@netspace/node';
import { trainNetSpace } from '@netspace/train';

import { qualityZoo, spaceOf } from './quality-zoo.js';
import { RECIPES, stepOfLook } from './recipes.js';

/** What a contender of ours is told to do. */
export interface QualityTask {
  readonly recipe: keyof typeof RECIPES;
  readonly seed: number;
  readonly zoo: string;
  /** Folder of `predicted.f32`, the PReps of the held-out networks at the last look, and at the end of `space`. */
  readonly folder: string;
}

registerFileHandler();
const runtime = await selectRuntime({ prefer: process.argv[2] as 'tensorflow' });
const { recipe: name, seed, zoo: zooFolder, folder } = JSON.parse(process.argv[3]!) as QualityTask;
const recipe = RECIPES[name];
const zoo = await qualityZoo(zooFolder, runtime);
const space = spaceOf(recipe, zoo, seed);
const heldOut = space.pack(zoo.heldOut.map(({ instance }) => instance));
const run = trainNetSpace(space, {
  instances: zoo.known.map(({ instance }) => instance),
  task: { kind: 'classification', dataset: zoo.train, ...recipe.task },
  ...{ steps: recipe.steps, batch: recipe.batch, learningRate: recipe.learningRate, seed, readEvery: 20 },
  augment: { permuteChannels: recipe.permuteChannels },
});
console.log(JSON.stringify({ ready: true, runtime: runtime.name, version: runtime.version, threads: runtime.threads }));

let look = 0;
for await (const _line of createInterface({ input: process.stdin })) {
  const until = stepOfLook(recipe, look++);
  const [start, used] = [performance.now(), process.cpuUsage()];
  for (let done = false; !done;) {
    const next = await run.next();
    done = next.done === true || next.value.step >= until;
  }
  const [seconds, { user, system }] = [(performance.now() - start) / 1000, process.cpuUsage(used)];
  const { preps } = space.decode(space.encode(heldOut));
  writeFileSync(join(folder, 'predicted.f32'), await preps.data<'float32'>());
  preps.dispose();
  if (until === recipe.steps) await space.save(`file://${join(folder, 'space')}`);
  console.log(JSON.stringify({ seconds, processorSeconds: (user + system) / 1e6, peakBytes: process.resourceUsage().maxRSS * 1024 }));
}
