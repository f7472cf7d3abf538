/** Files by address, kept by the browser beyond the page's life. */
export interface FileCache {
  get(url: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  put(url: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Forgets all files below an address. */
  clear(folder: string): Promise<void>;
}

const NAME = 'netspace-explorer-1';

/** The browser's cache; undefined where the page may use none (an insecure address, a private window). */
export async function browserCache(): Promise<FileCache | undefined> {
  if (typeof caches === 'undefined') return undefined;
  try {
    const cache = await caches.open(NAME);
    return {
      async get(url) {
        const kept = await cache.match(url);
        return kept === undefined ? undefined : new Uint8Array(await kept.arrayBuffer());
      },
      async put(url, bytes) {
        await cache.put(url, new Response(bytes)).catch(() => undefined); // no room left: the page works without
      },
      async clear(folder) {
        for (const request of await cache.keys()) if (request.url.startsWith(folder)) await cache.delete(request);
      },
    };
  } catch {
    return undefined;
  }
}
