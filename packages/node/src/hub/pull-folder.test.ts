import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { fileListText } from './file-list.js';
import { pullFolder } from './pull-folder.js';

// A server that stops sending and keeps the connection, as one behind a broken network does.
const BYTES = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
const LIST = fileListText([{ path: 'weights.bin', bytes: BYTES.length, sha256: createHash('sha256').update(BYTES).digest('hex') }]);
let server: Server;
let folder: string;
/** How many bytes of each next answer with a path come before the server falls silent; -1: not even a status. */
let silentAfter: { path: string; bytes: number }[] = [];
let ranges: (string | undefined)[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url!.slice('/folder/'.length);
    const whole = path === 'weights.bin' ? BYTES : Buffer.from(LIST);
    const { range } = request.headers;
    if (path === 'weights.bin') ranges.push(range);
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    answer(response, whole.subarray(from), from, whole.length, silentAfter[0]?.path === path ? silentAfter.shift()!.bytes : Infinity);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(async () => {
  [silentAfter, ranges] = [[], []];
  folder = await mkdtemp(join(tmpdir(), 'netspace-pull-'));
});
afterEach(() => rm(folder, { recursive: true }));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function answer(response: ServerResponse, bytes: Buffer, from: number, total: number, silent: number): void {
  if (silent < 0) return;
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': bytes.length,
    ...(from > 0 && { 'content-range': `bytes ${from}-${total - 1}/${total}` }),
  });
  if (silent < bytes.length) response.write(bytes.subarray(0, silent));
  else response.end(bytes);
}

const pull = (silentMs = 300, signal?: AbortSignal) => {
  const { port } = server.address() as AddressInfo;
  const place = { kind: 'web', address: `http://127.0.0.1:${port}/folder` } as const;
  return pullFolder(place, join(folder, 'it'), { endpoint: undefined, token: undefined, silentMs, signal });
};

describe('pullFolder from a server that falls silent', () => {
  it('asks again, and goes on where the bytes ended', async () => {
    silentAfter = [
      { path: 'weights.bin', bytes: 100_000 },
      { path: 'weights.bin', bytes: -1 },
    ];
    expect(await pull()).toEqual({ files: 1, bytes: BYTES.length });
    expect(ranges).toEqual([undefined, 'bytes=100000-', 'bytes=100000-']);
    expect((await readFile(join(folder, 'it', 'weights.bin'))).equals(BYTES)).toBe(true);
  });
  it('gives up after a few times with an error, and the next call goes on', async () => {
    silentAfter = [{ path: 'weights.bin', bytes: 50_000 }, ...Array.from({ length: 3 }, () => ({ path: 'weights.bin', bytes: 0 }))];
    const started = performance.now();
    await expect(pull(200)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/expected bytes from http.*weights\.bin, got none in 0\.2 s; .*pull again to go on/) as string,
    });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(await readdir(folder)).toEqual(['it.partial']);
    ranges = [];
    await pull();
    expect(ranges).toEqual(['bytes=50000-']);
    expect((await readFile(join(folder, 'it', 'weights.bin'))).equals(BYTES)).toBe(true);
  });
  it.each([-1, 10])('gives up at once if the list does not come: %i bytes of it', async (bytes) => {
    silentAfter = [{ path: 'netspace-files.json', bytes }];
    await expect(pull()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await readdir(folder)).toEqual([]);
  });
  it('stops at once when its signal says so', async () => {
    silentAfter = [{ path: 'weights.bin', bytes: 1000 }];
    const started = performance.now();
    await expect(pull(60_000, AbortSignal.timeout(300))).rejects.toMatchObject({ code: 'ABORTED' });
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
