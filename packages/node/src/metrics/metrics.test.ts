import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { metricsFile, readMetrics } from './metrics-file.js';
import { openTelemetry } from './telemetry.js';
import { allSinks, summaryWriter, tensorBoard } from './tensorboard.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'netspace-metrics-'))));
afterAll(() => rm(folder, { recursive: true }));

describe('metricsFile', () => {
  it('goes on after a step as if what came later had not been, a torn line included', async () => {
    const path = join(folder, 'deep', 'metrics.jsonl');
    const metrics = metricsFile(path);
    await metrics.startAfter(0);
    for (const step of [1, 2, 3]) await metrics.write({ step, loss: 1 / step });
    await appendFile(path, '{"step": 4, "lo');
    expect((await readMetrics(path)).map(({ step }) => step)).toEqual([1, 2, 3]);
    await metrics.startAfter(2);
    await metrics.write({ step: 3, loss: 0.25 });
    expect(await readFile(path, 'utf8')).toBe('{"step":1,"loss":1}\n{"step":2,"loss":0.5}\n{"step":3,"loss":0.25}\n');
  });

  it('begins anew at step 0, and reads none where there is none', async () => {
    const path = join(folder, 'new.jsonl');
    expect(await readMetrics(path)).toEqual([]);
    await metricsFile(path).startAfter(0);
    await metricsFile(path).write({ step: 1 });
    await metricsFile(path).startAfter(0);
    expect(await readFile(path, 'utf8')).toBe('');
  });
});

describe('openTelemetry', () => {
  it('refuses a process without an SDK, in which all would be lost', async () => {
    await expect(openTelemetry()).rejects.toMatchObject({ code: 'UNAVAILABLE', message: /expected an OpenTelemetry SDK.*NODE_OPTIONS/ });
  });
});

describe('summaryWriter', () => {
  it('is undefined on a runtime without one', async () => {
    await tf.setBackend('cpu');
    expect(summaryWriter(folder)).toBeUndefined();
  });
});

describe('tensorBoard', () => {
  it('writes each number as a scalar of its step', async () => {
    const lines: string[] = [];
    const writer = { scalar: (...args: unknown[]) => lines.push(args.join(' ')), flush: () => lines.push('flush') };
    const sink = allSinks(tensorBoard(writer), tensorBoard({ ...writer, flush: () => undefined }));
    await sink.startAfter(0);
    await sink.write({ step: 5, loss: 0.5, note: 'text' });
    expect(lines).toEqual(['loss 0.5 5', 'flush', 'loss 0.5 5']);
  });
});
