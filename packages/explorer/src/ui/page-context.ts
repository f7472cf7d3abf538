import { createContext } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';

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
  useEffect(() => {
    const check = (): void => {
      if (!Object.is(current.current(store.get()), shown.current)) render((count) => count + 1);
    };
    // It may have changed between the first rendering and now.
    check();
    return store.subscribe(check);
  }, [store]);
  return value;
}
