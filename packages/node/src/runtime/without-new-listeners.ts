const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Runs a task and takes away what it listens to of the process's uncaught errors: Emscripten's loader rethrows or aborts there, so that Node
 * no longer prints the error and the program's own listeners come second.
 */
export async function withoutNewListeners<T>(task: () => Promise<T>): Promise<T> {
  const before = new Map(EVENTS.map((event) => [event, process.listeners(event)]));
  try {
    return await task();
  } finally {
    for (const event of EVENTS) {
      const known = new Set<unknown>(before.get(event));
      for (const listener of process.listeners(event)) if (!known.has(listener)) process.off(event, listener);
    }
  }
}
