import { describe, expect, it } from 'vitest';

import { simulateBuild } from './simulate-build.js';

const builder = { everySeconds: 1, batch: 64, secondsABatch: 0, secondsAJob: 0 };
const even = { jobs: 100, jobSeconds: [10], slots: 4, queueSeconds: 0, builder, random: () => 0.5 };

describe('simulateBuild', () => {
  it('is the work divided by the slots where all jobs take as long', () => {
    expect(simulateBuild(even)).toMatchObject({ seconds: 250, busy: 1, adding: 0, lost: 0 });
    expect(simulateBuild({ ...even, queueSeconds: 10 }).busy).toBe(0.5);
  });
  it('is the time of the builder where it is slower than the slots', () => {
    const slow = simulateBuild({ ...even, slots: 100, builder: { ...builder, batch: 10, secondsABatch: 30, secondsAJob: 1 } });
    expect(slow).toMatchObject({ seconds: 10 + 10 * 40, batches: 10, waiting: 100 });
  });
  it('runs again what was done since the last checkpoint of a machine that is lost', () => {
    const draws = [0, 1 - Math.exp(-0.5), 1 - Math.exp(-2)]; // the job; lost after 50 s, with 40 of them kept; not lost again
    const losses = { everySeconds: 100, checkpointSeconds: 20, goneSeconds: 7 };
    const build = { ...even, jobs: 1, jobSeconds: [90], slots: 1, losses, random: () => draws.shift()! };
    expect(simulateBuild(build)).toMatchObject({ seconds: Math.ceil(50 + 7 + 50), lost: 1 });
  });
});
