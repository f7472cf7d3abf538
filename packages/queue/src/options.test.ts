import { itRefusesMisspelt } from '@netspace/testing/option-refusals';

import { queueServer } from './connect.js';
import * as queue from './index.js';
import { openJobQueueOptions } from './job-queue.js';

itRefusesMisspelt(
  queue,
  {
    checkQueueServer: [Object.keys(queueServer.entries), (o) => queue.checkQueueServer(o as never)],
    openJobQueue: [Object.keys(openJobQueueOptions.entries), (o) => queue.openJobQueue(o as never)],
  },
  [],
);
