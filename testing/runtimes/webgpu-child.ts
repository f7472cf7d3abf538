// Run by a test, in a process of its own (Dawn may end it where there is no device): compares the ops of training on webgpu with cpu
// and sends what differs; 'no device' if there is none.
import { selectRuntime } from '@netspace/node';

import { unlikeCpu } from './unlike-cpu.js';

const send = (message: unknown): Promise<void> => new Promise((resolve) => process.send?.(message, () => resolve()));

const device = await selectRuntime({ prefer: 'webgpu' }).catch((error: unknown) => String(error));
if (typeof device === 'string') {
  await send({ noDevice: device });
  process.exit(0);
}
const compared = await unlikeCpu('webgpu', { tolerance: 1e-3 }); // shaders round a little more
await send({ ...compared, device: device.device });
process.exit(0);
