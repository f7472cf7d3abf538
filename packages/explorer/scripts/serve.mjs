// `node packages/explorer/scripts/serve.mjs FOLDER [--port 8017]`: the built page at /, and FOLDER's files beside it.
import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};
/** The policy that the package exports: read from where it is written, since this runs without a build. */
export const POLICY = JSON.parse(readFileSync(new URL('../src/policy/content-policy.json', import.meta.url), 'utf8')).join('; ');

/** Compressed once, as a server does that is meant for many readers. */
const compressed = new Map();

/**
 * Serves folders, the first that has a file. Text and WebAssembly are compressed; all else can be had by range, so that a download goes on
 * where it ended.
 *
 * @param intercept (path, request, response) → whether it answers itself
 * @param bitsPerSecond of all answers together, as through a slow line
 * @param onSent (path, bytes) → what went over that line
 */
export function serveFolders(
  folders,
  { port = 0, policy = POLICY, intercept = () => false, bitsPerSecond = Infinity, onSent = () => {} } = {},
) {
  const send = sender(bitsPerSecond);
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname)).replace(/\/$/, '/index.html');
    if (intercept(path, request, response)) return;
    for (const folder of folders) {
      const file = join(folder, path);
      const found = await stat(file).catch(() => undefined);
      if (!found?.isFile()) continue;
      const headers = { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', etag: `"${found.size}-${found.mtimeMs}"` };
      headers['access-control-allow-origin'] = '*'; // as hosts of static files do: the element may stand in another site's page
      if (policy) headers['content-security-policy'] = policy;
      answer(request, response, { headers, bytes: await readFile(file) }, (body) => {
        onSent(path, body.length);
        send(response, body);
      });
      return;
    }
    response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html><title>404</title>');
  });
  return new Promise((resolve) =>
    server.listen(port, '127.0.0.1', () =>
      resolve({
        address: `http://127.0.0.1:${server.address().port}/`,
        close() {
          server.close();
          server.closeAllConnections();
        },
      }),
    ),
  );
}

/** Ends an answer with its bytes, no faster than the line. */
function sender(bitsPerSecond) {
  if (bitsPerSecond === Infinity) return (response, body) => response.end(body);
  const [part, latency] = [8192, 5];
  let free = 0;
  return async (response, body) => {
    for (let from = 0; from < body.length; from += part) {
      const bytes = body.subarray(from, from + part);
      const now = performance.now();
      free = Math.max(now, free) + (bytes.length * 8000) / bitsPerSecond;
      if (free - now > latency) await new Promise((resolve) => setTimeout(resolve, free - now));
      response.write(bytes);
    }
    response.end();
  };
}

function answer(request, response, { headers, bytes }, send) {
  const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  if (headers['content-type'] !== 'application/octet-stream' && /gzip/.test(request.headers['accept-encoding'] ?? '')) {
    const key = `${headers.etag} ${request.url}`;
    if (!compressed.has(key)) compressed.set(key, gzipSync(bytes, { level: 9 }));
    const body = compressed.get(key);
    response.writeHead(200, { ...headers, 'content-encoding': 'gzip', 'content-length': body.length });
    send(body);
  } else if (from !== undefined && Number(from) < bytes.length) {
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(206, { ...headers, 'content-range': range, 'content-length': bytes.length - Number(from) });
    send(bytes.subarray(Number(from)));
  } else {
    response.writeHead(200, { ...headers, 'accept-ranges': 'bytes', 'content-length': bytes.length });
    send(bytes);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { port: { type: 'string', default: '8017' } } });
  if (positionals.length !== 1) throw new Error('usage: node packages/explorer/scripts/serve.mjs FOLDER [--port 8017]');
  const page = fileURLToPath(new URL('../dist/page/', import.meta.url));
  const { address } = await serveFolders([page, positionals[0]], { port: Number(values.port) });
  console.log(`${positionals[0]} at ${address}`);
}
