import { readAddress } from '../state/address.js';
import { addressOf } from '../state/address-of.js';
import { type LinkedPlace, linkedIds, readExtras } from '../state/address-extras.js';
import { firstView } from '../state/first-view.js';
import { namesOf } from '../state/places.js';
import type { Kept } from '../state/state.js';
import { copy } from './files/download.js';
import { type Page, report, wasStopped, watch } from './page.js';

/** Puts a link to what is shown on the clipboard, and says what it leaves out. */
export async function copyLink(page: Page): Promise<void> {
  const { text, leftOut } = addressOf(page.store.get());
  const url = new URL(location.href);
  url.hash = text;
  const without = leftOut.length === 0 ? '' : `. It leaves out ${listed(leftOut)}`;
  await copy(page, url.href, `the link${without}`);
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** Gives the worker the places that a link brings. Those that it refuses are left out. */
export async function keepLinked({ engine }: Page, places: readonly (LinkedPlace | undefined)[]): Promise<readonly Kept[]> {
  const kept: Kept[] = [];
  for (const place of places) {
    if (place === undefined) continue;
    const { id, name, kind, embedding } = place;
    const found = await engine.call('keep', { id, embedding }).catch(() => undefined);
    if (found !== undefined) kept.push({ id, name, kind, embedding, ...found });
  }
  return kept;
}

/** Shows what an address that was typed or pasted says. */
export async function followAddress(page: Page, text: string): Promise<void> {
  const { store } = page;
  const { opened } = store.get();
  if (opened === undefined) return;
  const extras = readExtras(text, opened);
  const came = await keepLinked(page, extras.linked);
  const state = store.get();
  if (state.opened !== opened) return;
  const known = new Set(came.map(({ id }) => id));
  const kept = [...state.kept.filter(({ id }) => !known.has(id)), ...came];
  store.set({ kept, ...(extras.drawn.length > 0 && { drawn: extras.drawn }) });
  const linked = linkedIds(text).map((id) => (known.has(id) ? id : ''));
  const view = readAddress(text, firstView(opened), { names: namesOf(state), kept, linked });
  store.change(view, view.image === undefined ? { pad: extras.pad ?? state.pad } : {});
}

/** Fetches the embedding of each place that is kept: a link holds it. */
export function liveKept({ store, engine }: Page): () => void {
  return watch(store, () => store.get().kept, (kept) => {
    const missing = kept.filter(({ embedding }) => embedding === undefined);
    if (missing.length === 0) return;
    engine
      .call('embeddings', { places: missing.map(({ id }) => ({ at: 'kept', id })) }, { lane: 'kept' })
      .then((embeddings) => {
        const by = new Map(missing.map(({ id }, i) => [id, Float32Array.from(embeddings[i]!)]));
        store.set({ kept: store.get().kept.map((one) => (by.has(one.id) ? { ...one, embedding: by.get(one.id)! } : one)) });
      })
      .catch((error: unknown) => (wasStopped(error) ? undefined : report(store, error)));
  }); // prettier-ignore
}
