// Run by a test under `ulimit -n`: works on a zoo while only a few more files can be opened, and tells what was wrong afterwards.
import '@tensorflow/tfjs';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

import { directoryFiles, fileHandler } from '@netspace/node';
import { disposeInstances, isNetSpaceError } from '@netspace/prep';
import { initialize, openInstanceStore, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

const [folder = '', free = '0'] = process.argv.slice(2);
await tf.setBackend('cpu');
process.send?.('ready');
const architecture = siren({ hidden: 2, layers: 0 });
const store = openInstanceStore(directoryFiles(folder));
const add = async (name: string): Promise<void> => {
  const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
  try {
    await store.add({ name, instance, epochs: 1, seed: 1, metrics: {} });
  } finally {
    disposeInstances([instance]);
  }
};
const save = (version: number): Promise<unknown> =>
  fileHandler(join(folder, 'model')).save!({
    modelTopology: { version },
    weightSpecs: [{ name: 'w', shape: [1], dtype: 'float32' }],
    weightData: Float32Array.of(version).buffer,
  });

await add('before');
await save(1);
const open = exhaust(Number(free));
const lost: string[] = [];
let kept = 1;
let version = 1;
let refused = 0;
await attempt('add', () => add('while').then(() => kept++));
await attempt('save', () => save(2).then(() => version++));
await attempt('verify', () => store.verify());
for (const descriptor of open) closeSync(descriptor);
const problems = await store.verify();
if (problems.length > 0) lost.push(JSON.stringify(problems));
if ((await store.list()).length < kept) lost.push('an instance is gone');
const { modelTopology } = await fileHandler(join(folder, 'model')).load!();
if ((modelTopology as { readonly version: number }).version < version) lost.push('a saved model is gone');
await add('after');
await save(3);
process.send?.({ lost, refused }, () => process.exit(0));

/** Opens files until no more can be, then closes some. */
function exhaust(left: number): number[] {
  const descriptors: number[] = [];
  try {
    for (;;) descriptors.push(openSync('/dev/null', 'r'));
  } catch {
    for (const descriptor of descriptors.splice(0, left)) closeSync(descriptor);
  }
  return descriptors;
}

/** What fails must say so in our words. */
async function attempt(name: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const isOurs = isNetSpaceError(error) && error.code === 'UNAVAILABLE' && error.message.includes('too many files');
    if (isOurs) refused++;
    else lost.push(`${name}: ${String(error)}`);
  }
}
