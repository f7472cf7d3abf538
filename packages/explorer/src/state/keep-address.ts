import { readAddress, writeAddress } from './address.js';
import { namesOf } from './places.js';
import { firstView } from './first-view.js';
import type { View } from './state.js';
import type { Store } from './store.js';

/** Browsers refuse a page that writes its address more often than about a hundred times in half a minute. */
const QUIET_MS = 350;

/** Keeps the state in the address bar, and follows an address that was typed or pasted. @returns stops */
export function keepAddress(store: Store): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = location.hash.slice(1);
  let shown: View | undefined;
  const book = () => ({ names: namesOf(store.get()), kept: store.get().kept });
  const first = (): View => firstView(store.get().opened!);
  const write = (): void => {
    if (store.get().opened === undefined) return;
    shown = store.get().view;
    written = writeAddress(shown, first(), book());
    history.replaceState(history.state, '', written === '' ? location.pathname + location.search : `#${written}`);
  };
  const stop = store.subscribe(() => {
    if (store.get().view === shown) return;
    clearTimeout(timer);
    timer = setTimeout(write, QUIET_MS);
  });
  const follow = (): void => {
    const text = location.hash.slice(1);
    if (text === written || !store.get().ready) return;
    written = text;
    store.change(readAddress(text, first(), book()));
  };
  globalThis.addEventListener('hashchange', follow);
  return () => {
    clearTimeout(timer);
    stop();
    globalThis.removeEventListener('hashchange', follow);
  };
}
