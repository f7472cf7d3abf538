import { nameOf, shownPlace } from '../state/places.js';
import { architectureLabel, percent } from '../ui/words.js';
import type { Walk } from '../state/state.js';
import { whereOnWalk } from '../walk/film-places.js';
import { type Page, watch } from './page.js';

/** Long enough that a drag is said once, at its end. */
const QUIET_MS = 700;

/** Tells a screen reader what the network under the cursor is, once it stands still. */
export function liveSaid({ store }: Page): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = watch(store, () => store.get().look, (look) => {
    clearTimeout(timer);
    if (look === undefined) return;
    timer = setTimeout(() => {
      const state = store.get();
      const name = state.opened?.architectures[look.classId]?.name ?? '';
      const accuracy = look.accuracy === undefined ? '' : `, accuracy ${percent(look.accuracy)}`;
      const where = state.view.tab === 'walk' ? onWalk(state.view.walk) : nameOf(shownPlace(state), state);
      store.set({ said: `${where}: ${architectureLabel(name)}${accuracy}` });
    }, QUIET_MS);
  }); // prettier-ignore
  return () => {
    clearTimeout(timer);
    stop();
  };
}

const onWalk = (walk: Walk): string => (walk.mode === 'triangle' ? whereOnWalk(walk) : `gamma ${walk.gamma.toFixed(2)}`);
