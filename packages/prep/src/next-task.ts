/**
 * Lets waiting signals, timers and messages run between two steps. A promise alone would not do this, and a timer of 0 ms waits 4 ms in
 * browsers.
 */
export function nextTask(): Promise<void> {
  const { setImmediate } = globalThis as { readonly setImmediate?: (task: () => void) => unknown }; // Node's
  if (setImmediate !== undefined) return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
