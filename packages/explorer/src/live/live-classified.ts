import { imageShown } from '../state/image.js';
import { keyOf, namedStops, shownPlace } from '../state/places.js';
import type { ClassifyRequest } from '../worker/messages/protocol.js';
import { latest } from './latest.js';
import { type Page, report, watch } from './page.js';
import { stamp } from './live-look.js';

/** Classifies the image on the pad by the network under the cursor, by those of the walk and by all. */
export function liveClassified({ store, engine }: Page): () => void {
  const request = (): ClassifyRequest | undefined => {
    const state = store.get();
    const image = imageShown(state);
    if (!state.ready || state.view.tab !== 'draw' || image === undefined) return undefined;
    return { image, places: [shownPlace(state), ...namedStops(state.view.walk).map(({ place }) => place)], vote: true };
  };
  const classify = latest(async () => {
    const asked = request();
    if (asked === undefined) return;
    try {
      store.set({ classified: await engine.call('classify', asked, { onProgress: (classified) => store.set({ classified }) }) });
    } catch (error) {
      report(store, error);
    }
  });
  const select = (): string => {
    const asked = request();
    return asked === undefined ? '' : `${stamp(store.get().opened)} ${stamp(asked.image)} ${asked.places.map(keyOf).join(' ')}`;
  };
  return watch(store, select, (key) => {
    if (key !== '') classify(undefined);
  });
}
