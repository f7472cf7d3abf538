const EVENTS: readonly string[] = ['uncaughtException', 'unhandledRejection'];

/** The listeners of the process by the name of an event. (Node's types list each event separately.) */
const emitter: NodeJS.EventEmitter = process;

/**
 * Runs a task and removes the listeners for uncaught errors that it adds to the process. Emscripten's loader adds listeners that rethrow or
 * abort. With them Node would no longer print the error, and the program's own listeners would come second.
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
