export { checkQueueServer, type QueueServer } from './connect.js';
export { type JobQueue, openJobQueue, type OpenJobQueueOptions, type QueueCounts, type QueuedJob, type Working } from './job-queue.js';
