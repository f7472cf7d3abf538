import { placeOfWalk } from '../state/places.js';
import { timeOnWalk, walkAt } from '../walk/film-places.js';
import { type Page, watch } from './page.js';

/** Moves along the walk while it plays, around a triangle as its film does: back and forth if it loops, else once to the end. */
export function livePlay({ store }: Page): () => void {
  let frame = 0;
  let before = 0;
  let time = 0;
  let direction = 1;
  const step = (now: number): void => {
    const { playing, view } = store.get();
    if (!playing) return;
    if (placeOfWalk(view.walk) === undefined) {
      store.set({ playing: false }); // a walk of another kind was chosen, which has too few stops
      return;
    }
    // A tab in the background sends no frames for a while; it goes on where it was. The first frame may have begun before play did.
    const seconds = Math.min(0.1, Math.max(0, now - before) / 1000);
    before = now;
    time = timeOnWalk(view.walk, time) + (direction * seconds) / view.seconds;
    const isAtEnd = direction > 0 ? time >= 1 : time <= 0;
    if (isAtEnd) {
      time = direction > 0 ? 1 : 0;
      direction = -direction;
    }
    store.change({ walk: walkAt(view.walk, time) }, { undo: false });
    if (isAtEnd && !view.loop) store.set({ playing: false });
    else frame = requestAnimationFrame(step);
  };
  const stop = watch(store, () => store.get().playing, (playing) => {
    cancelAnimationFrame(frame);
    store.set({ moving: playing });
    if (!playing) return;
    const { view } = store.get();
    direction = 1;
    time = timeOnWalk(view.walk, 0);
    if (time >= 1) {
      time = 0;
      store.change({ walk: walkAt(view.walk, time) }, { undo: false });
    }
    before = performance.now();
    frame = requestAnimationFrame(step);
  }); // prettier-ignore
  return () => {
    cancelAnimationFrame(frame);
    stop();
  };
}
