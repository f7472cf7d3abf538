import type { CurveStop, Place } from '../worker/messages/protocol.js';
import type { State } from '../state/state.js';
import { type Page, report, wasStopped, watch } from './page.js';
import { stamp } from './live-look.js';

const STEPS = 21;
const IMAGES = 256;

/** The places that the curve leads through. Undefined: no line or path is shown. */
export function curvePlaces({ view, opened, ready }: State): readonly Place[] | undefined {
  const { mode, stops } = view.walk;
  if (view.tab !== 'walk' || opened === undefined || !ready || mode === 'triangle') return undefined;
  const through = mode === 'line' ? stops.slice(0, 2) : stops;
  return through.length < 2 ? undefined : through;
}

/** Computes what networks along the walk do, once its ends are let go. */
export function liveCurve({ store, engine }: Page): () => void {
  const select = (): string => {
    const state = store.get();
    const through = curvePlaces(state);
    return through === undefined ? '' : `${stamp(state.opened)} ${JSON.stringify(through)}`;
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = watch(store, select, (of) => {
    clearTimeout(timer);
    if (of === '' || store.get().curve?.of === of) return;
    store.set({ curve: { of, stops: [], done: false } });
    // A stop that is being dragged has not arrived yet.
    timer = setTimeout(() => void compute(of), 150);
  });
  const compute = async (of: string): Promise<void> => {
    const through = curvePlaces(store.get());
    if (through === undefined || select() !== of) return;
    const add = (one: CurveStop): void => {
      const { curve } = store.get();
      if (curve?.of === of) store.set({ curve: { ...curve, stops: [...curve.stops, one] } });
    };
    try {
      const request = { through, steps: through.length > 2 ? STEPS * 2 - 1 : STEPS, images: IMAGES, averages: true };
      const { stops } = await engine.call('curve', request, { onProgress: add });
      if (store.get().curve?.of === of) store.set({ curve: { of, stops, done: true } });
    } catch (error) {
      if (!wasStopped(error)) report(store, error);
      // Asked for again when one comes back to it.
      if (store.get().curve?.of === of) store.set({ curve: undefined });
    }
  };
  return () => {
    clearTimeout(timer);
    stop();
  };
}
