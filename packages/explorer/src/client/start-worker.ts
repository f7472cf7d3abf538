/**
 * Starts the engine's worker. A browser starts none from another site; there a script of this page's own loads it.
 *
 * @see https://html.spec.whatwg.org/multipage/workers.html#dedicated-workers-and-the-worker-interface
 */
export function startWorker(): Worker {
  const direct = () => new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module', name: 'netspace-explorer' });
  return direct();
}
