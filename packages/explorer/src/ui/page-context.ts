import { createContext } from 'preact';
import { useContext, useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { Page } from '../live/page.js';
import type { State } from '../state/state.js';

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('usePage: expected to be within a PageContext');
  return page;
}

/** What `select` gives of the state; renders again when it differs. */
export function useSelect<T>(select: (state: State) => T): T {
  const { store } = usePage();
  const [, render] = useState(0);
  const current = useRef(select);
  current.current = select;
  const value = select(store.get());
  const shown = useRef(value);
  shown.current = value;
  // At once, not after the next frame: till then a part that just came would answer keys with what it knew at first.
  useLayoutEffect(() => {
    const check = (): void => {
      if (!Object.is(current.current(store.get()), shown.current)) render((count) => count + 1);
    };
    // A part beside it may have changed the state in its own effect.
    check();
    return store.subscribe(check);
  }, [store]);
  return value;
}
