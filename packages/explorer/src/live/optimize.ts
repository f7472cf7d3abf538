import { nameOf, shownPlace } from '../state/places.js';
import type { Kept, State } from '../state/state.js';
import type { OptimizeRequest, OptimizeStep, Place } from '../worker/messages/protocol.js';
import { type Page, report } from './page.js';

const ABORTS = new WeakMap<object, AbortController>();
let runs = 0;

/** Starts a search at the cursor, or goes on from where the last one ended. Its place is kept, and the cursor follows. */
export async function optimize(page: Page, { steps, goOn }: { readonly steps: number; readonly goOn: boolean }): Promise<void> {
  const { store, engine } = page;
  const state = store.get();
  const before = goOn ? state.run : undefined;
  const from: Place = before === undefined ? shownPlace(state) : { at: 'kept', id: before.id };
  const id = `search ${++runs}`;
  const on = imagesFor(state);
  if (on === undefined) {
    report(store, new Error('There is no digit to learn yet. Draw one under Draw and keep it as what it is, or choose the sample.'));
    return;
  }
  const { learningRate, batch, compareWeights } = state.view.optimizer;
  const abort = new AbortController();
  ABORTS.set(store, abort);
  const done = before?.steps ?? [];
  const offset = done.at(-1)?.step ?? 0;
  const origin = before?.from ?? from;
  store.set({ run: { id, from: origin, running: true, steps: done } });
  let last: OptimizeStep | undefined;
  const add = (step: OptimizeStep): void => {
    const { run } = store.get();
    if (run?.id !== id) return;
    last = { ...step, step: offset + step.step };
    store.set({ run: { ...run, steps: [...run.steps, last] } });
  };
  const request: OptimizeRequest = { from, on, steps, learningRate, batch, compareWeights, id };
  try {
    await engine.call('optimize', request, { signal: abort.signal, onProgress: add });
  } catch (error) {
    report(store, error);
  } finally {
    finish(page, id, origin, last);
  }
}

function finish({ store }: Page, id: string, origin: Place, last: OptimizeStep | undefined): void {
  const state = store.get();
  if (state.run?.id === id) store.set({ run: { ...state.run, running: false } });
  if (last === undefined) return;
  const kept: Kept = { id, name: `found from ${nameOf(origin, state)}`.slice(0, 90), kind: 'found', x: last.x, y: last.y };
  store.set({ kept: [...state.kept, kept], said: `Step ${last.step}: loss ${last.loss.toFixed(3)}` });
  if (store.get().run?.id === id) store.change({ cursor: { at: 'kept', id } });
}

/** Ends the search; what it reached stays. */
export const stopOptimizing = ({ store }: Page): void => ABORTS.get(store)?.abort();

function imagesFor({ view, drawn }: State): OptimizeRequest['on'] | undefined {
  if (view.optimizer.on === 'sample') return 'sample';
  if (drawn.length === 0) return undefined;
  const size = drawn[0]!.pixels.length;
  const images = new Uint8Array(size * drawn.length);
  drawn.forEach(({ pixels }, i) => images.set(pixels, i * size));
  return { images, labels: drawn.map(({ label }) => label) };
}
