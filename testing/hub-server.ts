// A hub of Hugging Face, small: what `@huggingface/hub` sends is checked and kept, and given out again as the real one does. Real enough, since
// the client is the real one and speaks to it over real sockets; each answer follows the client's own types of the API. It keeps large files at
// another origin and sends there with a redirect, as the hub does with its storage. It speaks LFS, not Xet: for that the client brings its own
// WebAssembly, and chooses by what the server offers.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HubServer {
  readonly address: string;
  /** Where large files lie: another origin. */
  readonly storage: string;
  /** Files of a repository, by path. */
  readonly repositories: Map<string, { readonly isPrivate: boolean; readonly files: Map<string, Buffer> }>;
  /** Each request, and whether it came with the token. */
  readonly requests: {
    readonly origin: 'hub' | 'storage';
    readonly line: string;
    readonly authorized: boolean;
    readonly range: string | undefined;
  }[];
  /** Breaks the next answers with a file off after so many bytes, one after the other. */
  readonly breakOff: number[];
  close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse, url: URL, body: Buffer) => unknown;

/** Larger files are LFS, as are those that the hub takes for binary by their names. */
const REGULAR_BYTES = 10_000;

export async function startHubServer(token: string): Promise<HubServer> {
  const repositories: HubServer['repositories'] = new Map();
  const requests: HubServer['requests'] = [];
  const breakOff: number[] = [];
  const objects = new Map<string, Buffer>();
  const isLarge = (path: string, bytes: number): boolean => bytes > REGULAR_BYTES || /\.(safetensors|bin)$/.test(path);

  const storage = await listen('storage', (request, response, url, body) => {
    const oid = url.pathname.slice(1);
    if (request.method === 'PUT') {
      if (sha256(body) !== oid) return fail(response, 422, 'checksum differs');
      objects.set(oid, body);
      return send(response, 200, {});
    }
    return sendFile(request, response, objects.get(oid));
  });

  const hub = await listen('hub', (request, response, url, body) => {
    const authorized = request.headers.authorization === `Bearer ${token}`;
    const [, create] = /^\/api\/repos\/(create)$/.exec(url.pathname) ?? [];
    if (create !== undefined) {
      if (!authorized) return fail(response, 401, 'Invalid username or password.');
      const { organization, name, type, visibility } = json(body) as Readonly<Record<string, string>>;
      if (type !== 'model') return fail(response, 400, 'type');
      repositories.set(`${organization}/${name}`, { isPrivate: visibility === 'private', files: new Map() });
      return send(response, 200, { url: `${address(hub)}/${organization}/${name}`, id: `${organization}/${name}` });
    }
    const [, repository, action] =
      /^\/(?:api\/models\/)?([^/]+\/[^/.]+)(?:\.git)?(?:\/(preupload\/main|info\/lfs\/objects\/batch|commit\/main|resolve\/main\/.+))?$/.exec(
        url.pathname,
      ) ?? [];
    const found = repository === undefined ? undefined : repositories.get(repository);
    if (found === undefined || (found.isPrivate && !authorized))
      return fail(response, found === undefined ? 404 : 401, 'Repository not found');
    if (action === undefined) return send(response, 200, { id: repository });
    if (action.startsWith('resolve/')) {
      const path = decodeURIComponent(action.slice('resolve/main/'.length));
      const bytes = found.files.get(path);
      if (bytes === undefined) return fail(response, 404, 'Entry not found');
      if (!isLarge(path, bytes.length)) return sendFile(request, response, bytes);
      objects.set(sha256(bytes), bytes);
      return response.writeHead(302, { location: `${address(storage)}/${sha256(bytes)}` }).end();
    }
    if (!authorized) return fail(response, 403, `a token that may not write: ${request.headers.authorization}`);
    if (action === 'preupload/main') {
      const { files } = json(body) as {
        readonly files: readonly { readonly path: string; readonly size: number; readonly sample: string }[];
      };
      const modes = files.map(({ path, size }) => ({ path, uploadMode: isLarge(path, size) ? 'lfs' : 'regular' }));
      return send(response, 200, { files: modes });
    }
    if (action === 'commit/main') return commit(response, found.files, body, objects);
    const batch = json(body) as {
      readonly operation: string;
      readonly hash_algo: string;
      readonly objects: readonly { readonly oid: string; readonly size: number }[];
    };
    if (batch.operation !== 'upload' || batch.hash_algo !== 'sha_256') return fail(response, 422, 'operation');
    const answers = batch.objects.map(({ oid, size }) =>
      objects.has(oid) ? { oid, size } : { oid, size, actions: { upload: { href: `${address(storage)}/${oid}` } } },
    );
    return send(response, 200, { transfer: 'basic', objects: answers });
  });

  function commit(response: ServerResponse, files: Map<string, Buffer>, body: Buffer, stored: ReadonlyMap<string, Buffer>): ServerResponse {
    const lines = body
      .toString()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly key: string; readonly value: Readonly<Record<string, string>> });
    const [header, ...operations] = lines;
    if (header?.key !== 'header' || !header.value['summary']) return fail(response, 400, 'header');
    const changed: [string, Buffer][] = [];
    for (const { key, value } of operations) {
      const bytes = key === 'lfsFile' ? stored.get(value['oid']!) : Buffer.from(value['content']!, value['encoding'] as BufferEncoding);
      if (bytes === undefined) return fail(response, 400, `the object of ${value['path']} was not uploaded`);
      changed.push([value['path']!, bytes]);
    }
    for (const [path, bytes] of changed) files.set(path, bytes);
    const oid = sha256(body).slice(0, 40);
    return send(response, 200, { success: true, commitOid: oid, commitUrl: `${address(hub)}/commit/${oid}`, hookOutput: '' });
  }

  function sendFile(request: IncomingMessage, response: ServerResponse, bytes: Buffer | undefined): unknown {
    if (bytes === undefined) return fail(response, 404, 'Entry not found');
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (start > 0 && start >= bytes.length) return response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    const rest = bytes.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': rest.length,
      'accept-ranges': 'bytes',
      ...(start > 0 && { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
    });
    const after = rest.length > 1000 ? breakOff.shift() : undefined;
    if (after === undefined) return response.end(rest);
    return response.write(rest.subarray(0, after), () => setTimeout(() => response.destroy(), 20));
  }

  async function listen(origin: 'hub' | 'storage', answer: Answer): Promise<Server> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const authorized = request.headers.authorization?.includes(token) === true;
        requests.push({ origin, line: `${request.method} ${request.url}`, authorized, range: request.headers.range });
        answer(request, response, new URL(request.url!, 'http://localhost'), Buffer.concat(chunks));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  }

  return {
    ...{ address: address(hub), storage: address(storage), repositories, requests, breakOff },
    async close() {
      for (const server of [hub, storage]) {
        server.close();
        server.closeAllConnections();
        await once(server, 'close').catch(() => undefined);
      }
    },
  };
}

const address = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const json = (body: Buffer): unknown => JSON.parse(body.toString());
const send = (response: ServerResponse, status: number, value: unknown): ServerResponse =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const fail = (response: ServerResponse, status: number, error: string): ServerResponse => send(response, status, { error });
