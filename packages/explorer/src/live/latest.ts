/**
 * Runs one request at a time and then only the newest of those that came meanwhile. A drag thus shows as many answers as there is time for:
 * aborting the running one for each newer one would show none until the drag ends.
 */
export function latest<T>(run: (request: T) => Promise<void>): (request: T) => void {
  let running = false;
  let waiting: { readonly request: T } | undefined;
  const start = (request: T): void => {
    running = true;
    void run(request).finally(() => {
      running = false;
      const next = waiting;
      waiting = undefined;
      if (next !== undefined) start(next.request);
    });
  };
  return (request) => {
    if (running) waiting = { request };
    else start(request);
  };
}
