/**
 * Starts a worker, also one whose script comes from another site, which browsers refuse: there a script of the page's own, in memory, loads it.
 *
 * @param url absolute
 */
export function spawnWorker(url: string, name: string): Worker {
  if (new URL(url).origin === globalThis.location.origin) return new Worker(url, { type: 'module', name });
  const script = URL.createObjectURL(new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' }));
  return new Worker(script, { type: 'module', name });
}
