/**
 * How often a planted permutation of a residual network is found: `npx tsx --tsconfig tsconfig.json bench/alignment.ts [NETWORKS [SEARCH]]`.
 *
 * A network of normal weights has its hidden channels put in a random order, and its weights get noise. Found is a permutation if every channel
 * is back in its place.
 */
import '@tensorflow/tfjs';
import { groupedParameters, matchWeights, type MatchWeightsOptions } from '@netspace/explore';
import { type Architecture, type Instance, permutationSpec, prepSymmetry, unresolvedArchitecture } from '@netspace/prep';
import { changedInstance, normalStream, randomPermutation, randomStream } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

const BLOCKS = 8;
const [INPUTS, OUTPUTS] = [3, 1];

/** `x → in → stream + block(stream) …→ out`: eight blocks of two layers, three inputs, one output, no bias, all hidden layers of one size. */
function residualNet(width: number): Architecture {
  const names = Array.from({ length: BLOCKS }, (_, i) => `block${i}`);
  const bare: Architecture = {
    ...unresolvedArchitecture(`residual-${width}`, [
      { name: 'in.weight', shape: [INPUTS, width] },
      ...names.flatMap((name) => [1, 2].map((layer) => ({ name: `${name}.${layer}.weight`, shape: [width, width] }))),
      { name: 'out.weight', shape: [width, OUTPUTS] },
    ]),
    apply([first, ...rest], x) {
      let stream = tf.matMul(x, first!);
      names.forEach((_, i) => (stream = tf.add(stream, tf.matMul(tf.relu(tf.matMul(stream, rest[2 * i]!)), rest[2 * i + 1]!))));
      return tf.matMul(stream, rest.at(-1)!);
    },
  };
  return { ...bare, parameters: permutationSpec(bare, { inputShape: [1, INPUTS] }) };
}

const normalNet = (architecture: Architecture, seed: number): Instance => {
  const normal = normalStream(randomStream(seed));
  const numbers = (size: number, scale: number) => Float32Array.from({ length: size }, () => scale * normal());
  return {
    architecture,
    parameters: architecture.parameters.map(({ shape: [inputs = 1, outputs = 1] }) =>
      tf.tensor2d(numbers(inputs * outputs, 1 / Math.sqrt(inputs)), [inputs, outputs]),
    ),
  };
};

const SEARCHES: Readonly<Record<string, MatchWeightsOptions>> = {
  'from the edges, one search': { restarts: 1 },
  'as published: from the network as it is, groups in random order': { restarts: 1, start: 'as-is' },
};

const [, , networks = '100', only = ''] = process.argv;
const count = Number(networks);
await tf.setBackend('cpu');
console.log('| search | units | noise | found | a search |\n| --- | --- | --- | --- | --- |');
for (const [name, options] of Object.entries(SEARCHES).filter(([search]) => search.startsWith(only))) {
  for (const width of [30, 50]) {
    for (const noise of [0, 0.5]) {
      const architecture = residualNet(width);
      let [found, milliseconds] = [0, 0];
      for (let seed = 1; seed <= count; seed++) {
        const instance = normalNet(architecture, seed);
        const random = randomStream(seed, 1);
        const planted = new Map<string, Uint32Array>();
        const order = (group: string, size: number): Uint32Array => {
          const drawn = randomPermutation(size, random);
          planted.set(group, drawn);
          return drawn;
        };
        const other = changedInstance(instance, prepSymmetry(architecture, { order }));
        const normal = normalStream(randomStream(seed, 2));
        const noisy = other.parameters.map((one) => {
          const spread = noise / Math.sqrt(one.shape[0]!);
          return tf.add(one, tf.tensor2d(Float32Array.from({ length: one.size }, () => spread * normal()), one.shape as [number, number])); // prettier-ignore
        });
        const [a, b] = [await groupedParameters(instance), await groupedParameters({ architecture, parameters: noisy })];
        const begin = performance.now();
        const { orders } = matchWeights(a, b, { ...options, signs: false, seed });
        milliseconds += performance.now() - begin;
        // Channel orders[i] of the permuted network is channel planted[orders[i]] of the first: it belongs at place i.
        if ([...planted].every(([group, drawn]) => orders.get(group)!.every((from, i) => drawn[from] === i))) found++;
        tf.dispose([...instance.parameters, ...other.parameters, ...noisy]);
      }
      console.log(`| ${[name, width, noise, `${found} of ${count}`, `${Math.round(milliseconds / count)} ms`].join(' | ')} |`);
    }
  }
}
