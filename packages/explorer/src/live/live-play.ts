import { type Page, watch } from './page.js';

/** Moves γ while the walk plays: back and forth if it loops, else once to the end. */
export function livePlay({ store }: Page): () => void {
  let frame = 0;
  let before = 0;
  let direction = 1;
  const step = (now: number): void => {
    const { playing, view } = store.get();
    if (!playing) return;
    // A tab in the background sends no frames for a while; it goes on where it was.
    const seconds = Math.min(0.1, (now - before) / 1000);
    before = now;
    let gamma = view.walk.gamma + (direction * seconds) / view.seconds;
    if (gamma >= 1 || gamma <= 0) {
      gamma = Math.min(1, Math.max(0, gamma));
      if (!view.loop) {
        store.change({ walk: { ...view.walk, gamma } }, { undo: false });
        store.set({ playing: false });
        return;
      }
      direction = gamma === 1 ? -1 : 1;
    }
    store.change({ walk: { ...view.walk, gamma } }, { undo: false });
    frame = requestAnimationFrame(step);
  };
  const stop = watch(store, () => store.get().playing, (playing) => {
    cancelAnimationFrame(frame);
    store.set({ moving: playing });
    if (!playing) return;
    const { view } = store.get();
    direction = 1;
    if (view.walk.gamma >= 1) store.change({ walk: { ...view.walk, gamma: 0 } }, { undo: false });
    before = performance.now();
    frame = requestAnimationFrame(step);
  }); // prettier-ignore
  return () => {
    cancelAnimationFrame(frame);
    stop();
  };
}
