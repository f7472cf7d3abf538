import { keyOf, nameOf } from '../state/places.js';
import type { RefineRequest } from '../worker/refinement.js';
import { type Page, report } from './page.js';

/** After so many steps little more is gained. */
const STEPS = 150;
const ABORTS = new WeakMap<object, AbortController>();
let runs = 0;

/** Refines an encoding in the background. The place that was reached is kept and shown beside the encoding, also if it was stopped. */
export async function refine({ store, engine }: Page, of: RefineRequest['of']): Promise<void> {
  const abort = new AbortController();
  ABORTS.set(store, abort);
  const id = `refined ${++runs}`;
  const { opened } = store.get();
  store.set({ refining: { of, last: undefined } });
  try {
    const onProgress = (last: NonNullable<ReturnType<typeof store.get>['refining']>['last']): void => {
      if (store.get().refining?.of === of) store.set({ refining: { of, last } });
    };
    const found = await engine.call('refine', { of, steps: STEPS, id }, { signal: abort.signal, onProgress });
    const state = store.get();
    if (state.opened !== opened) return; // another space by now
    store.set({
      refined: new Map([...state.refined, [keyOf(of), found]]),
      kept: [...state.kept, { id, name: `refined from ${nameOf(of, state)}`.slice(0, 90), kind: 'refined', x: found.x, y: found.y }],
      said: 'Refined: encoded and refined are shown side by side',
    });
  } catch (error) {
    report(store, error);
  } finally {
    if (store.get().refining?.of === of) store.set({ refining: undefined });
  }
}

/** Ends the refinement; what it reached is shown. */
export const stopRefining = ({ store }: Page): void => ABORTS.get(store)?.abort();
