import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { freePort } from './redis-server.js';

/** Where `.ci/provide` puts the server, which is a program in Python. */
const PACKAGES = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'netspace', 's3-server');

/**
 * The server of moto, which checks signatures with Amazon's own signer, and keeps conditions of writes; undefined if it is not installed on this
 * machine. Whether it starts is seen when it is started: a broken one is no reason to skip a test.
 */
export const s3Program = (): readonly string[] | undefined =>
  GIVEN !== undefined || existsSync(join(PACKAGES, 'moto')) ? ['python3', '-m', 'moto.server'] : undefined;

/** Another server's port on this machine, to test with it: it has the bucket `netspace-test`, and its keys are in the environment. */
const GIVEN = process.env['NETSPACE_TEST_S3_PORT'];

/** What becomes of a request: it is passed on, refused with a status, not answered, or done and not answered. */
export type S3Fault = 'pass' | 'drop' | 'lose answer' | number | { readonly delayMs: number };

/** A real server on a free port of this machine, behind a proxy that counts requests and makes faults. */
export interface S3Server {
  /** For the environment of whoever uses it. */
  readonly env: Readonly<Record<string, string>>;
  readonly bucket: string;
  /** Requests so far, by method. */
  readonly requests: Map<string, number>;
  /** Decides about each request, until it is set anew. */
  fault: (request: IncomingMessage) => S3Fault;
  stop(): Promise<void>;
}

/** Starts a server for a test, with a bucket. */
export async function s3Server(): Promise<S3Server> {
  const program = s3Program();
  if (program === undefined) throw new Error('expected moto, as .ci/provide installs it, got none');
  if (GIVEN !== undefined) {
    const [AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = ''] = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].map(
      (name) => process.env[name],
    );
    return behindProxy(Number(GIVEN), { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }, () => Promise.resolve());
  }
  const port = await freePort();
  const [command, ...args] = [...program, '--host', '127.0.0.1', '--port', String(port)];
  const child = spawn(command!, args, { env: { ...process.env, PYTHONPATH: PACKAGES }, stdio: 'ignore' });
  for (let waits = 0; !(await answers(port)); waits++) {
    if (waits > 600 || child.exitCode !== null) throw new Error(`${command} ${args.join(' ')} did not start`);
    await setTimeout(50);
  }
  return behindProxy(port, await guarded(port), () => ended(child));
}

const BUCKET = 'netspace-test';

async function behindProxy(port: number, keys: Readonly<Record<string, string>>, end: () => Promise<void>): Promise<S3Server> {
  const requests = new Map<string, number>();
  const served: S3Server = {
    env: {},
    bucket: BUCKET,
    requests,
    fault: () => 'pass',
    stop: () => Promise.resolve(),
  };
  let writing: Promise<unknown> = Promise.resolve();
  const proxy = createServer((from, to) => {
    requests.set(from.method!, (requests.get(from.method!) ?? 0) + 1);
    const pass = (): Promise<void> => answer(served.fault(from), port, from, to);
    // Moto looks at a condition and writes in two steps, which Amazon's does in one: so writes come to it one by one.
    if (from.method === 'GET' || from.method === 'HEAD') void pass();
    else writing = writing.then(pass);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return Object.assign(served, {
    env: { ...keys, AWS_ENDPOINT_URL: address, AWS_REGION: 'us-east-1' },
    async stop() {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
      await end();
    },
  });
}

async function answer(fault: S3Fault, port: number, from: IncomingMessage, to: ServerResponse): Promise<void> {
  const body = await bytesOf(from);
  if (fault === 'drop') return void from.socket.destroy();
  if (typeof fault === 'number') return void to.writeHead(fault).end('<Error><Code>SlowDown</Code></Error>');
  if (typeof fault === 'object') await setTimeout(fault.delayMs);
  const { method, url, headers } = from; // the host stays what was signed
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: '127.0.0.1', port, method, path: url, headers }, resolve).once('error', reject).end(body);
  });
  const answered = await bytesOf(reply);
  if (fault === 'lose answer') return void from.socket.destroy();
  to.writeHead(reply.statusCode!, reply.headers);
  await new Promise<void>((resolve) => to.end(answered, resolve));
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const answers = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/moto-api/`).then(
    () => true,
    () => false,
  );

/** Makes a bucket and a user who may do everything with it; from then on the server refuses all others. */
async function guarded(port: number) {
  const ask = async (path: string, init: RequestInit): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}/${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${text}`);
    return text;
  };
  const iam = (action: string, more: Record<string, string> = {}): Promise<string> =>
    ask('', {
      method: 'POST',
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=nobody/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=none',
      },
      body: new URLSearchParams({ Action: action, Version: '2010-05-08', UserName: 'tester', ...more }),
    });
  await ask(BUCKET, { method: 'PUT' });
  await iam('CreateUser');
  const Statement = [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }];
  await iam('PutUserPolicy', { PolicyName: 'all', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) });
  const made = await iam('CreateAccessKey');
  const of = (tag: string): string => new RegExp(`<${tag}>([^<]*)<`).exec(made)![1]!;
  await ask('moto-api/reset-auth', { method: 'POST', body: '0' });
  return { AWS_ACCESS_KEY_ID: of('AccessKeyId'), AWS_SECRET_ACCESS_KEY: of('SecretAccessKey') };
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
}
