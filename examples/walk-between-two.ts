// Question: what lies between two networks of a space, and how does that compare with averaging their weights?
import { accuracy, interpolateWeights, walk } from '@netspace/explore';
import { selectRuntime } from '@netspace/node';

import { digitsSpace } from './shared/digits-space.js';

const runtime = await selectRuntime();
const { space, instances, test } = await digitsSpace(runtime);
const [weak, strong] = [instances[1]!, instances.at(-1)!];

const path = await walk(space, weak, strong, { steps: 6 });
const averages = interpolateWeights(weak, strong, path.gammas);
for (const [index, gamma] of path.gammas.entries()) {
  const through = await accuracy(path.instances[index]!, test);
  const averaged = await accuracy(averages[index]!, test);
  console.log(`γ = ${gamma.toFixed(1)}: accuracy ${through.toFixed(3)} through the space, ${averaged.toFixed(3)} averaging weights`);
}
