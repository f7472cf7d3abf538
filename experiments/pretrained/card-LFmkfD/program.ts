import { walk } from '@netspace/explore';
import { NetSpace } from '@netspace/model';
import { directoryFiles, registerFileHandler, selectRuntime } from '@netspace/node';
import { architectureByName, openInstanceStore } from '@netspace/zoo';

await selectRuntime();
registerFileHandler(); // in a browser leave both out, import '@tensorflow/tfjs' and load from https://…/pretrained/digits/space/space.json
const space = await NetSpace.load('file://pretrained/digits/space', { architectures: architectureByName });
const zoo = openInstanceStore(directoryFiles('pretrained/digits/zoo-heldout'));
const [smallest, largest] = [(await zoo.list())[0]!, (await zoo.list()).at(-1)!];
const { instances } = await walk(space, await zoo.load(smallest.name), await zoo.load(largest.name), { steps: 10 });
console.log(instances.map(({ architecture }) => architecture.name));
