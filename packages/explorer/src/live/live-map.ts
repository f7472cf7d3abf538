import { type Page, report, wasStopped, watch } from './page.js';
import { stamp } from './live-look.js';

const HEAT = { images: 64, finest: 48 };
const NEIGHBORS = 15;

/** Shades the plane, coarse to fine, while the visitor wants it. */
export function liveHeat({ store, engine }: Page): () => void {
  let abort: AbortController | undefined;
  const select = (): number => {
    const { view, opened, ready } = store.get();
    return ready && view.shaded && view.projection === 'pca' ? stamp(opened) : 0;
  };
  return watch(store, select, (wanted) => {
    abort?.abort();
    abort = undefined;
    if (wanted === 0 || store.get().heat?.done === true) return;
    abort = new AbortController();
    engine
      .call('heat', HEAT, { signal: abort.signal, onProgress: (heat) => store.set({ heat }) })
      .then((heat) => store.set({ heat }))
      .catch((error: unknown) => report(store, error));
  });
}

/** Computes UMAP when the visitor first asks for it. */
export function liveUmap({ store, engine }: Page): () => void {
  let abort: AbortController | undefined;
  const select = (): number => {
    const { view, opened, umap, ready } = store.get();
    return ready && view.projection === 'umap' && umap === undefined ? stamp(opened) : 0;
  };
  return watch(store, select, (wanted) => {
    if (wanted === 0) {
      abort?.abort();
      return;
    }
    abort = new AbortController();
    store.set({ umapDone: 0 });
    engine
      .call('umap', { neighbors: NEIGHBORS }, { signal: abort.signal, onProgress: ({ done }) => store.set({ umapDone: done }) })
      .then(({ points }) => store.set({ umap: points, umapDone: undefined, said: 'The map shows UMAP' }))
      .catch((error: unknown) => {
        store.set({ umapDone: undefined });
        if (wasStopped(error)) return;
        report(store, error);
        store.change({ projection: 'pca' }, { undo: false });
      });
  });
}
