import { afterEach, describe, expect, it, vi } from 'vitest';

import { nextTask } from './next-task.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

// A browser has no setImmediate; Node has the MessageChannel that stands in for it.
describe.each(['Node', 'a browser'])('nextTask in %s', (where) => {
  it('lets a message that waits come first, which promises do not', async () => {
    if (where === 'a browser') vi.stubGlobal('setImmediate', undefined);
    const { port1, port2 } = new MessageChannel();
    const came: unknown[] = [];
    port1.onmessage = ({ data }) => came.push(data);
    port2.postMessage('stop');
    for (let i = 0; i < 100; i++) await Promise.resolve();
    expect(came).toEqual([]);
    for (let i = 0; i < 100; i++) await nextTask();
    expect(came).toEqual(['stop']);
    port1.close();
  });
});
