import { itRefusesMisspelt } from '@netspace/testing/option-refusals';

import * as queue from './index.js';
import { openJobQueueOptions } from './job-queue.js';

itRefusesMisspelt(queue, { openJobQueue: [Object.keys(openJobQueueOptions.entries), (o) => queue.openJobQueue(o as never)] }, []);
