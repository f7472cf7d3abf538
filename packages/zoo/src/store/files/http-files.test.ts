import '@tensorflow/tfjs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { disposeInstances } from '@netspace/prep';
import { afterEach, describe, expect, it } from 'vitest';

import { architectureByName } from '../../architectures/by-name.js';
import { initialize } from '../../initialize.js';
import { httpFiles } from './http-files.js';
import { openInstanceStore } from '../instance-store.js';
import { memoryFiles, type StoreFiles } from './store-files.js';

let server: Server | undefined;
afterEach(() => void server?.close());

/** Serves files of a store; tells what was asked for. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/zoo`;
}

async function zoo(): Promise<StoreFiles> {
  const files = memoryFiles();
  const architecture = architectureByName('siren-3-8x1-1');
  for (const seed of [1, 2, 3]) {
    const instance = { architecture, parameters: initialize(architecture.parameters, { seed }) };
    await openInstanceStore(files).add({ name: `net-${seed}`, instance, epochs: 1, seed, metrics: {} });
  }
  return files;
}

describe('httpFiles', () => {
  it.each([true, false])('reads a zoo, a network by one request; the server knows ranges: %s', async (ranges) => {
    const files = await zoo();
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(`${request.url} ${request.headers.range}`);
      files.read(request.url!.replace('/zoo/', '')).then(
        (bytes) => {
          const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '');
          if (range === null || !ranges) return response.end(bytes);
          const [begin, end] = [Number(range[1]), Math.min(Number(range[2]) + 1, bytes.length)];
          return response.writeHead(206, { 'Content-Range': `bytes ${begin}-${end - 1}/${bytes.length}` }).end(bytes.subarray(begin, end));
        },
        () => response.writeHead(404).end(),
      );
    });
    const store = openInstanceStore(httpFiles(url));
    const records = await store.list();
    expect(records).toEqual(await openInstanceStore(files).list());
    asked.length = 0;
    const { parameters, architecture } = await store.load('net-2');
    expect(parameters[0]!.dataSync()).toEqual(initialize(architecture.parameters, { seed: 2 })[0]!.dataSync());
    disposeInstances([{ parameters }]);
    const { file, offset, bytes } = records[1]!;
    expect(asked).toEqual(['/zoo/manifest.json undefined', `/zoo/${file} bytes=${offset}-${offset! + bytes - 1}`]);
    expect(await store.verify()).toEqual([]);
    await expect(store.add({ name: 'more', instance: { architecture, parameters: initialize(architecture.parameters, { seed: 0 }) }, epochs: 0, seed: 0, metrics: {} })).rejects.toMatchObject({ code: 'UNSUPPORTED' }); // prettier-ignore
  });
  it('says what is wrong with a server', async () => {
    const answers: Record<string, (response: ServerResponse) => void> = {
      '/zoo/none': (response) => response.writeHead(404).end(),
      '/zoo/ill': (response) => response.writeHead(500).end(),
      '/zoo/elsewhere': (response) => response.writeHead(206, { 'Content-Range': 'bytes 5-9/10' }).end('01234'),
      '/zoo/longer': (response) => response.writeHead(206, { 'Content-Range': 'bytes 0-9/10' }).end('0123456789'),
      '/zoo/broken': (response) => (
        response.writeHead(200, { 'Content-Length': 100 }).write('half'),
        setTimeout(() => response.destroy(), 20)
      ),
    };
    const files = httpFiles(await serve(({ url }, response) => answers[url!]!(response)));
    await expect(files.read('none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(files.readRange!('none', 0, 4)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(files.read('ill')).rejects.toThrow(/got status 500; check the server/);
    await expect(files.readRange!('elsewhere', 0, 5)).rejects.toThrow(/bytes from 5 instead of 0/);
    await expect(files.readRange!('longer', 0, 5)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await expect(files.read('broken')).rejects.toThrow(/got 4 bytes of it; try again/);
    await expect(httpFiles('http://127.0.0.1:1').read('a')).rejects.toThrow(/got none; check the address/);
  });
});
