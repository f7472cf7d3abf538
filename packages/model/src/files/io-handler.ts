import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

const HOW_TO: Readonly<Record<string, string>> = {
  file: 'call registerFileHandler() of @netspace/node',
  indexeddb: 'it needs a browser',
  localstorage: 'it needs a browser',
  http: 'spaces are read from there, not written',
  https: 'spaces are read from there, not written',
};

/**
 * The place where `registerFileHandler` of `@netspace/node` leaves its handler. Other packages of tf.io answer `file://` too, in another
 * format.
 */
export const FILE_HANDLER: unique symbol = Symbol.for('netspace.fileHandler');

interface WithFileHandler {
  [FILE_HANDLER]?: (url: string) => tf.io.IOHandler;
}

/**
 * The save or load function of a tf.io handler, or of the handler that is registered for a URL.
 *
 * @throws NetSpaceError `UNAVAILABLE` if none is registered for the URL, `UNSUPPORTED` if the handler cannot do it
 */
export function findHandler<Action extends 'save' | 'load'>(
  caller: string,
  target: string | tf.io.IOHandler,
  action: Action,
): NonNullable<tf.io.IOHandler[Action]> {
  const handler = typeof target === 'string' ? registered(caller, target, action) : target;
  const found = handler[action];
  if (found === undefined) {
    throw new NetSpaceError('UNSUPPORTED', `${caller}: expected a tf.io handler that can ${action}, got one that cannot; use another`);
  }
  return found.bind(handler) as NonNullable<tf.io.IOHandler[Action]>;
}

function registered(caller: string, url: string, action: 'save' | 'load'): tf.io.IOHandler {
  const ours = (globalThis as WithFileHandler)[FILE_HANDLER];
  if (ours !== undefined && url.startsWith('file:')) return ours(url);
  const handlers = action === 'save' ? tf.io.getSaveHandlers(url) : tf.io.getLoadHandlers(url);
  const [handler] = handlers;
  if (handler !== undefined) return handler;
  const scheme = /^([a-z]+):/.exec(url)?.[1];
  const advice =
    (scheme === undefined ? undefined : HOW_TO[scheme]) ?? 'use file://, indexeddb://, http:// or https://, or pass a tf.io handler';
  throw new NetSpaceError('UNAVAILABLE', `${caller}: expected a URL with a registered handler that can ${action}, got ${url}; ${advice}`);
}
