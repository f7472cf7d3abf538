import { isNetSpaceError, type NetSpaceError } from '@netspace/prep';

import type { CallContext } from '../calls/call-context.js';
import type { CallName, Calls, FromWorker, ToWorker } from './protocol.js';

/** What answers each call. */
export type Handlers = {
  readonly [N in CallName]: (
    request: Calls[N]['request'],
    context: CallContext<Calls[N]['progress']>,
  ) => Promise<Calls[N]['answer']> | Calls[N]['answer'];
};

/** Takes messages of the page. */
export interface CallServer {
  receive(message: ToWorker): void;
}

/**
 * Runs calls, each until it is done or aborted, and answers every one exactly once.
 *
 * @param post to the page
 */
export function serveCalls(handlers: Handlers, post: (message: FromWorker) => void): CallServer {
  const running = new Map<number, AbortController>();
  const run = async ({ id, name, request }: ToWorker & { readonly type: 'call' }): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    const context: CallContext<never> = {
      signal: controller.signal,
      progress: (value: unknown) => {
        if (!controller.signal.aborted) post({ type: 'progress', id, value });
      },
    };
    try {
      const handler = handlers[name] as (request: unknown, context: CallContext<never>) => unknown;
      const value = await handler(request, context);
      post({ type: 'answer', id, value });
    } catch (error) {
      post({ type: 'error', id, ...described(error) });
    } finally {
      running.delete(id);
    }
  };
  return {
    receive(message) {
      if (message.type === 'call') void run(message);
      else running.get(message.id)?.abort();
    },
  };
}

/** An error that is not ours is a bug, or memory that ran out. */
function described(error: unknown): { readonly code: string; readonly message: string } {
  if (isNetSpaceError(error)) return { code: (error as NetSpaceError).code, message: (error as NetSpaceError).message };
  const words = error instanceof Error ? error.message : String(error);
  if (/out of memory|allocation failed|memory access out of bounds|Invalid (typed )?array (buffer )?length/i.test(words)) {
    return {
      code: 'LIMIT_EXCEEDED',
      message: `explorer: expected to find memory for it, got none (${words}); close other pages, then load this one again`,
    };
  }
  return {
    code: 'UNAVAILABLE',
    message: `explorer: expected an answer, got an error: ${words}; load the page again, and choose another runtime if it comes back`,
  };
}
