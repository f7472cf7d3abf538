import { addressOf } from './address-of.js';
import type { Store } from './store.js';

/** Browsers refuse a page that writes its address more often than about a hundred times in half a minute. */
const QUIET_MS = 350;

/** Keeps the state in the address bar. @param follow shows an address that was typed or pasted @returns stops */
export function keepAddress(store: Store, follow: (text: string) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = location.hash.slice(1);
  let shown: readonly unknown[] = [];
  const parts = (): readonly unknown[] => {
    const { view, pad, drawn, kept } = store.get();
    return [view, pad, drawn, kept];
  };
  const write = (): void => {
    if (store.get().opened === undefined || !store.get().ready) return;
    shown = parts();
    written = addressOf(store.get()).text;
    history.replaceState(history.state, '', written === '' ? location.pathname + location.search : `#${written}`);
  };
  const stop = store.subscribe(() => {
    if (parts().every((part, i) => part === shown[i])) return;
    clearTimeout(timer);
    timer = setTimeout(write, QUIET_MS);
  });
  const onHash = (): void => {
    const text = location.hash.slice(1);
    if (text === written || !store.get().ready) return;
    written = text;
    follow(text);
  };
  globalThis.addEventListener('hashchange', onHash);
  return () => {
    clearTimeout(timer);
    stop();
    globalThis.removeEventListener('hashchange', onHash);
  };
}
