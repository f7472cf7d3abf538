// Started by `doctor` in a process of its own: starts the runtime named by the argument, measures it and sends the result.
import { candidates } from '../candidates.js';
import { convolutionSpeed } from './convolution-speed.js';
import type { Probe } from './probe.js';
import { tryStart } from '../select-runtime.js';

process.once('disconnect', () => process.exit(1)); // nobody is left to tell
const send = (probe: Probe): Promise<void> => new Promise((resolve) => process.send?.(probe, () => resolve()));

const candidate = candidates.find(({ name }) => name === process.argv[2]);
if (candidate !== undefined) {
  const start = await tryStart(candidate, process.argv[3] === 'forced');
  await send({ start }); // the result before the measurement, in case the measurement crashes
  if (start.usable) await send({ start, speed: await convolutionSpeed() });
}
process.exit(0); // Dawn keeps the process alive
