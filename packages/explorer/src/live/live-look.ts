import { keyOf, shownPlace } from '../state/places.js';
import type { LookRequest } from '../worker/messages/protocol.js';
import { inWords, type Page, wasStopped, watch } from './page.js';
import { latest } from './latest.js';

/** Images that a network is run on while one drags, and at rest. */
const IMAGES = { moving: 256, resting: 1000 };
const CELLS = { moving: 16, resting: 48 };
/** Pixels along an edge of the PRep's picture. */
export const PREP_PIXELS = 192;
const HOVER_PIXELS = 96;
/** Pictures of networks that are kept for the pointer to come back to. */
const MOST_PICTURES = 200;

/** Looks at the network that is shown whenever it is another one. */
export function liveLook({ store, engine }: Page): () => void {
  const request = (): LookRequest | undefined => {
    const state = store.get();
    const { opened, view, moving } = state;
    if (opened === undefined || !state.ready) return undefined;
    const size = { width: PREP_PIXELS, height: PREP_PIXELS };
    const from = view.tab === 'walk' ? view.walk.stops[0] : undefined;
    const images = opened.sample && Math.min(opened.sample.count, moving ? IMAGES.moving : IMAGES.resting);
    return { place: shownPlace(state), prep: size, ...(from && { difference: { from, ...size } }), ...(images && { images }) };
  };
  const look = latest(async (key: string) => {
    const asked = key === '' ? undefined : request();
    if (asked === undefined) return;
    const start = performance.now();
    try {
      const seen = await engine.call('look', asked);
      store.set({ look: seen, lookProblem: undefined, lookMs: performance.now() - start });
    } catch (error) {
      if (!wasStopped(error)) store.set({ look: undefined, lookProblem: inWords(error) });
    }
  });
  // The folder's own object is part of what is watched: another folder may have a network of the same name.
  return watch(store, () => request() === undefined ? '' : `${stamp(store.get().opened)} ${JSON.stringify(request())}`, (key) => look(key)); // prettier-ignore
}

const STAMPS = new WeakMap<object, number>();
let stamps = 0;

/** A number for each object, 0 for none. */
export function stamp(one: object | undefined): number {
  if (one === undefined) return 0;
  const known = STAMPS.get(one) ?? ++stamps;
  STAMPS.set(one, known);
  return known;
}

/** Draws the surface of the shape that is shown: coarse while something moves, fine at rest. */
export function liveShape({ store, engine }: Page): () => void {
  const draw = latest(async (key: string) => {
    const state = store.get();
    if (key === '' || state.opened?.manifest.kind !== 'sdf') return;
    try {
      const cells = state.moving ? CELLS.moving : CELLS.resting;
      const place = shownPlace(state);
      // Fine takes a while: coarse first if one jumped there.
      if (!state.moving) store.set({ shape: await engine.call('shape', { place, cells: CELLS.moving }) });
      const mesh = await engine.call('shape', { place, cells });
      if (keyOf(shownPlace(store.get())) === keyOf(place) || state.moving) store.set({ shape: mesh });
    } catch (error) {
      if (!wasStopped(error)) store.set({ shape: undefined, lookProblem: inWords(error) });
    }
  });
  return watch(
    store,
    () => {
      const state = store.get();
      return state.ready && state.opened?.manifest.kind === 'sdf'
        ? `${stamp(state.opened)} ${keyOf(shownPlace(state))} ${state.moving}`
        : '';
    },
    draw,
  );
}

/** Fetches the picture of the network under the pointer. */
export function liveHover({ store, engine }: Page): () => void {
  const fetch = latest(async (name: string | undefined) => {
    if (name === undefined || !store.get().ready || store.get().pictures.has(name)) return;
    const size = { width: HOVER_PIXELS, height: HOVER_PIXELS };
    const picture = await engine.call('look', { place: { at: 'network', name }, prep: size }, { lane: 'hover' }).then(({ prep }) => prep, () => undefined); // prettier-ignore
    if (picture === undefined) return;
    const kept = [...store.get().pictures].slice(-MOST_PICTURES);
    store.set({ pictures: new Map([...kept, [name, picture]]) });
  });
  return watch(store, () => store.get().hovered, fetch);
}
