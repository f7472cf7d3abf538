// `npx tsx experiments/pretrained/order.ts NAME [--space DIR] [--zoo DIR..] [--floor 0.25] [--draws 1000]`: how sure the order of the held-out
// networks of `pretrained/NAME` is, by architecture: their accuracies on all test images, the errors of these, and intervals of Spearman's
// correlation. Networks below the floor are left out. Other zoos may be of networks that were trained for this.
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { NetSpace } from '@netspace/model';
import { directoryFiles, fileHandler, selectRuntime } from '@netspace/node';
import { disposeInstances, type Instance } from '@netspace/prep';
import { architectureByName, openInstanceStore, predictClasses } from '@netspace/zoo';

import { imagesOf, type ImageSource } from '../shared/images.js';
import { root } from '../shared/root.js';
import { type Answers, orderSpread } from './order-spread.js';
import { SHIPPED } from './shipped.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    space: { type: 'string' },
    zoo: { type: 'string', multiple: true },
    floor: { type: 'string', default: '0' },
    draws: { type: 'string', default: '1000' },
  },
});
const [name = ''] = positionals;
const data = SHIPPED[name]?.data;
if (data === undefined) {
  const names = Object.keys(SHIPPED).filter((one) => SHIPPED[one]!.data !== undefined);
  console.error(`Usage: order.ts ${names.join('|')} [--space DIR] [--zoo DIR..] [--floor 0.25] [--draws N]`);
  process.exit(2);
}
const share = (right: Uint8Array): number => right.reduce((sum, one) => sum + one, 0) / right.length;
const folder = join(root, 'pretrained', name);
await selectRuntime();
const space = await NetSpace.load(fileHandler(values.space ?? join(folder, 'space')), { architectures: architectureByName });
const { test } = await imagesOf(data.kind as ImageSource);
const byArchitecture = new Map<string, Answers[]>();
for (const path of values.zoo ?? [join(folder, 'zoo-heldout')]) {
  const zoo = openInstanceStore(directoryFiles(path));
  for (const record of await zoo.list()) {
    const target = await zoo.load(record.name);
    const embedding = space.encode([target]);
    const [predicted] = await space.instantiate(embedding);
    const right = async (network: Instance) => (await predictClasses(network, test)).map((value, i) => Number(value === test.labels[i]));
    const answers = { target: Uint8Array.from(await right(target)), predicted: Uint8Array.from(await right(predicted!)) };
    if (share(answers.target) >= Number(values.floor)) byArchitecture.set(record.architecture, [...(byArchitecture.get(record.architecture) ?? []), answers]);
    embedding.dispose();
    disposeInstances([target, predicted!]);
  }
}
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const range = ([low, high]: readonly [number, number]): string => `${low.toFixed(2)} to ${high.toFixed(2)}`;
console.log('| architecture | networks | images | accuracies | standard error | ceiling | Spearman | over images | over networks | difference |');
console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
for (const [architecture, answers] of [...byArchitecture].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const { networks, images, least, greatest, standardError, ceiling, spearman, overImages, overNetworks, difference } = orderSpread(answers, {
    draws: Number(values.draws),
  });
  const cells = [architecture, networks, images, `${percent(least)} to ${percent(greatest)}`, percent(standardError), ceiling.toFixed(3), spearman.toFixed(3), range(overImages), range(overNetworks), percent(difference)]; // prettier-ignore
  console.log(`| ${cells.join(' | ')} |`);
}
