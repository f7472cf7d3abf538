import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { unresolvedArchitecture } from '@netspace/prep';

import { NetSpace } from '../net-space.js';

const architectures = [unresolvedArchitecture('net', [{ name: 'w', shape: [2, 4] }])];
const space = new NetSpace({ architectures, prepShape: [4, 16], preset: 'tiny', seed: 3 });
const json = { modelTopology: {}, weightsManifest: [{ paths: ['weights.bin'], weights: [] as object[] }] };
let weights = new Uint8Array();

const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/space/space.json': (response) => response.end(JSON.stringify(json)),
  '/space/weights.bin': (response) => response.end(weights),
  '/page/space.json': (response) => response.end('<!doctype html><title>Not found</title>'),
  '/away/space.json': (response) =>
    response.end(JSON.stringify({ ...json, weightsManifest: [{ paths: ['http://127.0.0.1:1/w'], weights: [] }] })),
  '/twice/space.json': (response) => response.end(JSON.stringify({ ...json, weightsManifest: [{ paths: ['a', 'a'], weights: [] }] })),
  '/endless/space.json': (response) => {
    const more = () => {
      if (!response.destroyed) response.write(Buffer.alloc(2 ** 20, 32), more);
    };
    more();
  },
  '/half/space.json': (response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{');
    setTimeout(() => response.destroy(), 20);
  },
  '/silent/space.json': () => undefined,
  '/broken/space.json': (response) => response.writeHead(500).end(),
};
const server = createServer((request: IncomingMessage, response) => {
  const answer = answers[request.url!.split('?')[0]!];
  if (answer === undefined) response.writeHead(404).end('no');
  else answer(response);
});
let root: string;

beforeAll(async () => {
  await space.save(
    tf.io.withSaveHandler((artifacts) => {
      weights = new Uint8Array(tf.io.CompositeArrayBuffer.join(artifacts.weightData));
      json.modelTopology = artifacts.modelTopology!;
      json.weightsManifest[0]!.weights = artifacts.weightSpecs!;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  space.dispose();
  server.closeAllConnections();
  server.close();
});

describe('NetSpace.load over http', () => {
  it.each(['/space/space.json', '/space/', '/space', '/space?key=1'])('reads %s', async (path) => {
    const loaded = await NetSpace.load(root + path, { architectures });
    expect(Object.keys(loaded.variables)).toEqual(Object.keys(space.variables));
    const [name, variable] = Object.entries(space.variables)[0]!;
    expect([...(await loaded.variables[name]!.data())]).toEqual([...(await variable.data())]);
    loaded.dispose();
  });

  it.each([
    ['/nothing/', 'NOT_FOUND', /status 404; check the address/],
    ['/broken/', 'UNAVAILABLE', /status 500/],
    ['/page/', 'CORRUPT_FILE', /a web page/],
    ['/away/', 'CORRUPT_FILE', /cannot leave the folder/],
    ['/twice/', 'CORRUPT_FILE', /one of them twice/],
    ['/endless/', 'LIMIT_EXCEEDED', /33554432 bytes/],
    ['/half/', 'UNAVAILABLE', /half of one/],
  ])('refuses %s as %s', async (path, code, message) => {
    await expect(NetSpace.load(root + path, { architectures })).rejects.toMatchObject({ code, message });
  });

  it('stops a download by its signal, and refuses weights beyond the limit before they come', async () => {
    const signal = AbortSignal.timeout(50);
    await expect(NetSpace.load(`${root}/silent/`, { architectures, signal })).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(NetSpace.load(`${root}/space/`, { architectures, limits: { weightBytes: 8 } })).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });

  it('refuses what is no address', async () => {
    await expect(NetSpace.load('http://')).rejects.toMatchObject({ code: 'INVALID_OPTION', message: expect.stringContaining('got http://; write it as') as string }); // prettier-ignore
  });
  it('has no server to ask without one', async () => {
    await expect(NetSpace.load('http://127.0.0.1:1/space/', { architectures })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
