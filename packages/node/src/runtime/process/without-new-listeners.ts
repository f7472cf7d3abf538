const EVENTS: readonly string[] = ['uncaughtException', 'unhandledRejection'];

/** Of the process, by events of any name: Node's types list each event apart. */
const emitter: NodeJS.EventEmitter = process;

/**
 * Runs a task and takes away what it listens to of the process's uncaught errors: Emscripten's loader rethrows or aborts there, so that Node
 * no longer prints the error and the program's own listeners come second.
 */
export async function withoutNewListeners<T>(task: () => Promise<T>): Promise<T> {
  const before = new Map(EVENTS.map((event) => [event, new Set(emitter.listeners(event))]));
  try {
    return await task();
  } finally {
    for (const [event, known] of before) {
      for (const listener of emitter.listeners(event)) {
        if (!known.has(listener)) emitter.off(event, listener as (...values: unknown[]) => void);
      }
    }
  }
}
