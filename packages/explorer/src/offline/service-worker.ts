// Keeps the page itself for a reload without a connection. What the page shows, the space, its worker keeps: ../worker/files/file-cache.ts.
// The build writes which files there are into its place; this file imports nothing, so that it is a classic script, which every browser takes.

/** What lib.webworker.d.ts says of this scope, which would contradict the page's. */
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'install' | 'activate', listener: (event: { waitUntil(done: Promise<unknown>): void }) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchLike) => void): void;
}

interface FetchLike {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

/** Written by the build. */
interface Built {
  /** Another one with each build. */
  readonly version: string;
  /** Relative to this file: fetched at once. */
  readonly first: readonly string[];
  /** Fetched once they are used: runtimes for graphics cards. */
  readonly later: readonly string[];
}

const built = JSON.parse(decodeURIComponent('LIST_OF_FILES')) as Built;
const self = globalThis as unknown as Scope;
const { scope } = self.registration;
const prefix = `netspace-explorer-page ${scope} `;
const address = (path: string): string => new URL(path, scope).href;
/** A name with a hash never means another file. */
const hashed = (path: string): boolean => path.includes('assets/');
const known = new Set([...built.first, ...built.later].map(address));
const index = address('index.html');

self.addEventListener('install', (event) => {
  // Each by itself: a file that fails is fetched when it is used.
  const keep = async (): Promise<void> => {
    const cache = await caches.open(prefix + built.version);
    await Promise.allSettled(
      built.first.map((path) => cache.add(new Request(address(path), { cache: hashed(path) ? 'default' : 'no-cache' }))),
    );
  };
  event.waitUntil(keep());
});

self.addEventListener('activate', (event) => {
  const tidy = async (): Promise<void> => {
    const former = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== prefix + built.version);
    await Promise.all([...former.map((name) => caches.delete(name)), self.clients.claim()]);
  };
  event.waitUntil(tidy());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  [url.search, url.hash] = ['', ''];
  if (url.href === scope) url.href = index;
  if (request.method !== 'GET' || !known.has(url.href)) return;
  // What has no hash is asked for first, so that a new version of the page comes at once.
  event.respondWith(hashed(url.pathname) ? keptFirst(url.href, request) : askedFirst(url.href, request));
});

async function keptFirst(url: string, request: Request): Promise<Response> {
  const cache = await caches.open(prefix + built.version);
  return (await cache.match(url)) ?? (await asked(cache, url, request));
}

async function askedFirst(url: string, request: Request): Promise<Response> {
  const cache = await caches.open(prefix + built.version);
  try {
    return await asked(cache, url, request);
  } catch (error) {
    const kept = await cache.match(url);
    if (kept === undefined) throw error;
    return kept;
  }
}

async function asked(cache: Cache, url: string, request: Request): Promise<Response> {
  const response = await fetch(request);
  if (response.ok) await cache.put(url, response.clone()).catch(() => undefined); // no room left: the page works without
  return response;
}
