/**
 * What is left of two networks when their weights are averaged, as they are, aligned, and repaired:
 * `npx tsx --tsconfig tsconfig.json bench/average.ts [PAIRS]`.
 *
 * Each pair learns the same task from its own initial values: which of ten clouds of points in 16 dimensions a point is from, the clouds being
 * those of a random network's answers. Accuracy is on points that neither saw.
 */
import '@tensorflow/tfjs';
import { align, type AlignOptions, interpolateWeights, repairStatistics } from '@netspace/explore';
import { type Architecture, type Instance, permutationSpec, unresolvedArchitecture } from '@netspace/prep';
import { initialize } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

const [INPUTS, HIDDEN, CLASSES, STEPS] = [16, 64, 10, 250];

const bare: Architecture = {
  ...unresolvedArchitecture(
    'mlp',
    [[INPUTS, HIDDEN], [HIDDEN, HIDDEN], [HIDDEN, CLASSES]].flatMap(([from = 0, to = 0], i) => [
      { name: `fc${i + 1}.weight`, shape: [to, from], tensorAxes: [1, 0] },
      { name: `fc${i + 1}.bias`, shape: [to] },
    ]),
  ),
  apply: ([a, b, c, d, e, f], x) =>
    tf.tidy(() => {
      const first = tf.relu(tf.add(tf.matMul(x, a!), b!));
      return tf.add(tf.matMul(tf.relu(tf.add(tf.matMul(first, c!), d!)), e!), f!);
    }),
}; // prettier-ignore
const architecture: Architecture = { ...bare, parameters: permutationSpec(bare, { inputShape: [1, INPUTS] }) };
const initial = (seed: number): Instance => ({
  architecture,
  parameters: initialize(architecture.parameters, { seed, scheme: 'pytorch' }),
});

await tf.setBackend('cpu');
const teacher = { architecture, parameters: initial(1000).parameters.map((one) => tf.mul(one, 3)) };
const labelsOf = (x: tf.Tensor): tf.Tensor1D =>
  tf.tidy(() => {
    const logits = teacher.architecture.apply(teacher.parameters, x);
    return tf.argMax(tf.sub(logits, tf.mean(logits, 0)), 1) as tf.Tensor1D; // all classes about as often
  });
const points = (count: number, seed: number) => tf.randomNormal([count, INPUTS], 0, 1, 'float32', seed) as tf.Tensor2D;
const [trainX, testX] = [points(4000, 1), points(2000, 2)];
const [trainY, testY] = [labelsOf(trainX), labelsOf(testX)];

function trained(seed: number): Instance {
  const variables = initial(seed).parameters.map((one) => tf.variable(one));
  const optimizer = tf.train.adam(3e-3);
  for (let step = 0; step < STEPS; step++) {
    tf.tidy(() => {
      const begin = ((step * 7 + seed) * 128) % (4000 - 128);
      const [x, y] = [tf.slice(trainX, [begin, 0], [128, INPUTS]), tf.slice(trainY, begin, 128)];
      optimizer.minimize(() => tf.losses.softmaxCrossEntropy(tf.oneHot(y, CLASSES), architecture.apply(variables, x)), false, variables);
    });
  }
  return { architecture, parameters: variables };
}

const accuracy = ({ parameters }: Instance): number =>
  tf.tidy(() => tf.mean(tf.cast(tf.equal(tf.argMax(architecture.apply(parameters, testX), 1), testY), 'float32')).dataSync()[0]!);

const inputs = tf.slice(trainX, [0, 0], [1000, INPUTS]);
const ways: Readonly<Record<string, AlignOptions | undefined>> = {
  'as they are': undefined,
  'aligned by weights': { by: 'weights', restarts: 4 },
  'aligned by activations': { by: 'activations', inputs },
};
const pairs = Number(process.argv[2] ?? 5);
const sums = new Map<string, number>();
const note = (what: string, value: number) => sums.set(what, (sums.get(what) ?? 0) + value / pairs);
for (let pair = 0; pair < pairs; pair++) {
  const [a, b] = [trained(2 * pair + 1), trained(2 * pair + 2)];
  note('the ends', (accuracy(a) + accuracy(b)) / 2);
  for (const [name, options] of Object.entries(ways)) {
    const other = options === undefined ? b : (await align(a, b, options)).instance;
    const [average] = interpolateWeights(a, other, [0.5]);
    note(`average, ${name}`, accuracy(average!));
    note(`average, ${name}, repaired`, accuracy(repairStatistics(average!, a, other, { inputs })));
  }
}
console.log('| network | accuracy |\n| --- | --- |');
for (const [what, value] of sums) console.log(`| ${what} | ${(100 * value).toFixed(1)} % |`);
