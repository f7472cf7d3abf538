import { NetSpaceError } from '@netspace/prep';
import { nextTask } from '@netspace/prep/internal';
import { describe, expect, it } from 'vitest';

import type { FromWorker, ToWorker } from '../worker/messages/protocol.js';
import { type Handlers, serveCalls } from '../worker/messages/serve-calls.js';
import { createEngine, type WorkerPort } from './create-engine.js';

/** Page and worker in one thread, each message a task of its own, as between threads. */
function connected(handlers: Partial<Handlers>) {
  const page = new EventTarget();
  const toPage = (data: FromWorker) => void nextTask().then(() => page.dispatchEvent(new MessageEvent('message', { data })));
  const server = serveCalls(handlers as Handlers, toPage);
  const sent: ToWorker[] = [];
  const port: WorkerPort = {
    postMessage(message) {
      sent.push(structuredClone(message));
      void nextTask().then(() => server.receive(message));
    },
    addEventListener: (type: string, listener: (event: never) => void) => page.addEventListener(type, listener as (event: Event) => void),
    terminate: () => undefined,
  };
  return { engine: createEngine(port), sent, page };
}
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const places = (list: readonly string[]) => ({ places: list.map((name) => ({ at: 'network', name }) as const) });
/** Answers with the number of places, after a while. */
const slow: Handlers['embeddings'] = async ({ places: asked }) => {
  await pause(5);
  return [[asked.length]];
};

describe('createEngine', () => {
  it('answers, and tells what comes in between', async () => {
    const { engine } = connected({
      umap: async (_, { progress }) => {
        progress({ done: 0.5 });
        await pause(1);
        return { points: Float32Array.of(1, 2) };
      },
    });
    const told: number[] = [];
    const { points } = await engine.call('umap', { neighbors: 3 }, { onProgress: ({ done }) => told.push(done) });
    expect([...points, ...told]).toEqual([1, 2, 0.5]);
  });

  it('sends of twenty calls of a lane the first and the last', async () => {
    const { engine, sent } = connected({ embeddings: slow });
    const calls = Array.from({ length: 20 }, (_, i) => engine.call('embeddings', places(Array<string>(i).fill('a'))));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', ...Array<string>(18).fill('rejected'), 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'ABORTED', message: /replaced by a newer call/ } });
    expect(outcomes[19]).toMatchObject({ value: [[19]] });
    expect(sent.filter(({ type }) => type === 'call')).toHaveLength(2);
  });

  it('lets calls of other lanes run beside', async () => {
    const { engine, sent } = connected({ embeddings: slow, memory: () => ({ tensors: 3 }) });
    const first = engine.call('embeddings', places([]));
    const second = engine.call('embeddings', places(['a']), { lane: 'other' });
    expect(await engine.call('memory', {})).toEqual({ tensors: 3 });
    expect([await first, await second]).toEqual([[[0]], [[1]]]);
    expect(sent.map(({ type }) => type)).toEqual(['call', 'call', 'call']);
  });

  it('stops a call by its signal: before it is sent, while it waits, and in the worker, whose last words it waits for', async () => {
    let cleaned = false;
    const { engine, sent } = connected({
      heat: async (_, { signal }) => {
        while (!signal.aborted) await pause(1);
        cleaned = true;
        throw new NetSpaceError('ABORTED', 'heat: stopped');
      },
    });
    const request = { images: 1, finest: 9 };
    await expect(engine.call('heat', request, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
    const [running, waiting] = [new AbortController(), new AbortController()];
    const first = engine.call('heat', request, { signal: running.signal });
    const second = engine.call('heat', request, { signal: waiting.signal });
    waiting.abort();
    await expect(second).rejects.toMatchObject({ code: 'ABORTED', message: expect.stringContaining('by its signal') as string });
    running.abort();
    await expect(first).rejects.toMatchObject({ code: 'ABORTED', message: 'heat: stopped' });
    expect(cleaned).toBe(true);
    expect(sent.filter(({ type }) => type === 'call')).toHaveLength(1);
  });

  it.each([
    [new NetSpaceError('CORRUPT_FILE', 'x: broken'), 'CORRUPT_FILE', /^x: broken$/],
    [new RangeError('Array buffer allocation failed'), 'LIMIT_EXCEEDED', /close other pages/],
    [new TypeError('undefined is not a function'), 'UNAVAILABLE', /undefined is not a function.*load the page again/],
  ])('gives %s of the worker as error %s', async (error, code, message) => {
    const { engine } = connected({ memory: () => Promise.reject(error) });
    await expect(engine.call('memory', {})).rejects.toMatchObject({
      name: 'NetSpaceError',
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it('rejects every call, and those after, when the worker ends', async () => {
    const { engine, page } = connected({ embeddings: () => new Promise(() => undefined) });
    const calls = [
      engine.call('embeddings', places([])),
      engine.call('embeddings', places([])),
      engine.call('embeddings', places([]), { lane: 'x' }),
    ];
    page.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
    for (const call of calls)
      await expect(call).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringMatching(/out of memory.*again/) as string });
    await expect(engine.call('memory', {})).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('refuses a request that no message can carry, and goes on', async () => {
    const { engine } = connected({ memory: () => ({ tensors: 1 }) });
    const strange = { places: [(() => undefined) as never] };
    await expect(engine.call('embeddings', strange)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    expect(await engine.call('memory', {})).toEqual({ tensors: 1 });
  });

  it('ends with the page', async () => {
    const { engine } = connected({ embeddings: slow });
    const call = engine.call('embeddings', places([]));
    engine.close();
    await expect(call).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
