// The program of the test of `makeParts`: parts write who made them, and what was there before.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { makePart, makeParts, type Phases } from '../make-parts.js';

const [folder, prefix] = process.argv.slice(2) as [string, string];
const valueOf = (option: string): string | undefined => {
  const at = process.argv.indexOf(option);
  return at < 0 ? undefined : process.argv[at + 1];
};
const file = (name: string): string => join(folder, `${prefix}-${name}`);
const part = (name: string) => ({
  name,
  async make() {
    if (valueOf('--fail') === name) throw new Error(`${name} fails on purpose`);
    writeFileSync(file(name), `${process.pid} after ${existsSync(file('alone')) ? 'alone' : 'nothing'}`);
    if (valueOf('--stay') === name) await new Promise((resolve) => setTimeout(resolve, 30_000));
  },
});
const context = { signal: new AbortController().signal };
const phases: Phases<typeof context> = [[part('alone')], [part('left'), part('right')]];
const name = valueOf('--part');
if (name === undefined) {
  process.stdout.write(`${process.pid}\n`);
  await makeParts(phases, context, { processes: 2 });
} else await makePart(phases, name, context);
