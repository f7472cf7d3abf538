// Question: what lies between two networks of a space, and how does that compare with averaging their weights?
// Output, about:
//   γ = 0.0: accuracy 0.204 through the space, 0.218 averaging weights
//   γ = 0.2: accuracy 0.460 through the space, 0.248 averaging weights
//   γ = 0.4: accuracy 0.750 through the space, 0.518 averaging weights
//   γ = 0.6: accuracy 0.836 through the space, 0.752 averaging weights
//   γ = 0.8: accuracy 0.866 through the space, 0.868 averaging weights
//   γ = 1.0: accuracy 0.876 through the space, 0.876 averaging weights
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
