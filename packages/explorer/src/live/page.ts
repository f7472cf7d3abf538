import { isNetSpaceError } from '@netspace/prep';

import type { Engine } from '../client/engine.js';
import type { Notice } from '../state/state.js';
import type { Store } from '../state/store.js';

/** What every part of the page needs: the state, and the worker that computes. */
export interface Page {
  readonly store: Store;
  readonly engine: Engine;
  /** Absolute address of the folder; undefined while only dropped folders are shown. */
  readonly source: string | undefined;
  /** Whether the address bar holds the state. */
  readonly keepsAddress: boolean;
}

/** Whether a newer request, or the visitor, stopped it: nothing to report. */
export const wasStopped = (error: unknown): boolean => isNetSpaceError(error) && error.code === 'ABORTED';

/** An error in words that say what to do. */
export function inWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (isAboutMemory(message)) {
    const cause = /\(([^()]*)\)/.exec(message)?.[1] ?? message;
    return `There was not enough memory (${cause}). Close other tabs, then load this page again. If it comes back, choose another runtime under Settings, or show a smaller space.`;
  }
  return message;
}

const isAboutMemory = (message: string): boolean =>
  /expected to find memory|out of memory|allocation failed|context lost|could not allocate|not enough memory/i.test(message);

/** Whether what went wrong goes away when the page is loaded again. */
export const wantsReload = (words: string): boolean => isAboutMemory(words) || /load the page again/i.test(words);

/** Says what went wrong, unless it was only replaced by something newer. */
export function report(store: Store, error: unknown, remedy?: Notice['remedy']): void {
  if (wasStopped(error)) return;
  store.set({ notice: { kind: 'error', text: inWords(error), ...(remedy && { remedy }) } });
}

/** Calls `act` now and whenever what `select` gives differs. */
export function watch<T>(store: Store, select: () => T, act: (value: T) => void): () => void {
  let last = select();
  act(last);
  return store.subscribe(() => {
    const next = select();
    if (Object.is(next, last)) return;
    last = next;
    act(next);
  });
}
