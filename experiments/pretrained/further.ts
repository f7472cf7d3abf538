// `npx tsx experiments/pretrained/further.ts NAME --space DIR --zoo DIR.. --held-out DIR.. --out DIR` goes on training a space of `NAME`'s
// experiment on the networks of some zoos, such as `graded.ts` makes. It leaves out networks that are held out, by architecture, seed and
// length, and those under the floor of the experiment. The loss is the experiment's, but for the accuracy gap. `results.json` in the new
// folder is for `main.ts`.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { accuracyByArchitecture, compareAccuracies, evaluateSpace } from '@netspace/explore';
import { NetSpace } from '@netspace/model';
import { commitOf, directoryFiles, fileHandler, selectRuntime, trainInFolder } from '@netspace/node';
import { architectureByName, loadAll, openInstanceStore, thinDataset } from '@netspace/zoo';

import { imagesOf } from '../shared/images.js';
import { shortName } from '../shared/results/short-name.js';
import { root } from '../shared/root.js';
import { untilSignal } from '../shared/until-signal.js';
import { type Member, testAccuracyOf } from '../shared/zoo-stage.js';
import { gradedSpace, gradedSpaces } from './graded-spaces.js';

const FURTHER = { steps: 500, batch: { nets: 16, inputs: 48 }, accuracyGap: 50, learningRate: 1e-3, warmUp: 20, seed: 1 } as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ space: { type: 'string' }, out: { type: 'string' } },
    ...{ zoo: { type: 'string', multiple: true }, 'held-out': { type: 'string', multiple: true } },
  },
});
const { space: from, zoo: zoos, 'held-out': kept, out } = values;
const [name = ''] = positionals;
const config = gradedSpace(name);
if (config === undefined || from === undefined || zoos === undefined || kept === undefined || out === undefined) {
  console.error(`Usage: further.ts ${Object.keys(gradedSpaces).join('|')} --space DIR --zoo DIR.. --held-out DIR.. --out DIR`);
  process.exit(2);
}
const runtime = await selectRuntime();
const space = await NetSpace.load(fileHandler(from), { architectures: architectureByName });
const { train, validation } = await imagesOf(config.data);
const membersOf = async (folders: readonly string[]): Promise<readonly Member[]> =>
  (await Promise.all(folders.map((folder) => loadAll(openInstanceStore(directoryFiles(folder)))))).flat();
const keyOf = ({ record }: Member): string => `${record.architecture} ${record.seed} ${record.epochs}`;
const heldOut = await membersOf(kept);
const unseen = new Set(heldOut.map(keyOf));
const floor = Math.max(...config.zoos.map((zoo) => zoo.floor ?? 0));
const known = (await membersOf(zoos)).filter((one) => testAccuracyOf(one) >= floor && !unseen.has(keyOf(one)));
const watched = thinDataset(validation, 1000);
const { steps, batch, accuracyGap, learningRate, warmUp, seed } = FURTHER;

const namesOf = (members: readonly Member[]): readonly string[] => members.map(({ record }) => record.name);

await untilSignal(async (signal) => {
  await trainInFolder(space, out, {
    ...{ command: `further ${name}`, config: { ...values, ...FURTHER }, runtime, checkpointEvery: 50 },
    training: {
      instances: known.map(({ instance }) => instance),
      task: { kind: 'classification', dataset: train, ...config.task, accuracyGap },
      ...{ steps, batch, readEvery: 10, seed, augment: config.training.augment ?? {} },
      learningRate: { kind: 'cosine', learningRate, warmUp },
      identity: known.map(({ record }) => record.sha256),
      signal,
    },
    watch: {
      every: 200,
      async measure(space) {
        const { instances } = await evaluateSpace(space, heldOut, watched, { signal });
        const orders = accuracyByArchitecture(space, instances).map(({ architecture }) => {
          const { spearman } = compareAccuracies(instances.filter((one) => one.architecture === architecture));
          return [`Spearman, ${shortName(architecture)}`, spearman] as const;
        });
        return Object.fromEntries(orders);
      },
    },
    onStep({ step, losses, measured }) {
      if (step % 10 === 0) console.log(step, JSON.stringify({ ...losses, ...measured }));
    },
  });
  space.dispose();
  const results = {
    ...{ seed, commit: commitOf(root, ['packages', 'experiments/**/*.ts']), config: { space: config, further: FURTHER } },
    results: { knownCount: known.length, known: namesOf(known), instances: namesOf(heldOut).map((name) => ({ name })) },
  };
  await writeFile(join(out, 'results.json'), `${JSON.stringify(results, undefined, 2)}\n`);
});
