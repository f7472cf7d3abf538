import { isNetSpaceError } from '@netspace/prep';

import { readAddress } from '../../state/address.js';
import { linkedIds, readExtras } from '../../state/address-extras.js';
import { firstView } from '../../state/first-view.js';
import { FIRST_STATE, type View } from '../../state/state.js';
import type { DroppedFile, Opened, OpenedMap, RuntimeName } from '../../worker/messages/protocol.js';
import { keepLinked } from '../link.js';
import { inWords, type Page, wasStopped } from '../page.js';

/** Opens the folder, or the files of one that was dropped, and shows what the address says of it: first its map, then all of it. */
export async function openFolder(
  page: Page,
  source: string | readonly DroppedFile[],
  runtime: RuntimeName | 'fastest',
  address: string,
): Promise<void> {
  const { store, engine } = page;
  let shown: View | undefined;
  const viewOf = (opened: Opened, linked: readonly string[]): View => {
    const { theme } = store.get().view;
    const names = opened.manifest.networks.map(({ name }) => name);
    return { ...readAddress(address, { ...firstView(opened), runtime, theme }, { names, kept: [], linked }), runtime, theme };
  };
  const fresh = () => {
    const { mapSize, systemDark, tour } = store.get();
    return { ...FIRST_STATE, mapSize, systemDark, tour };
  };
  store.set({ ready: false, loading: { part: 'the folder', loaded: 0, total: 0 }, failure: undefined, playing: false, notice: undefined });
  try {
    const opened = await engine.call('open', { source, runtime }, {
      onProgress({ map, ...loading }) {
        if (map !== undefined) {
          const early = onlyMap(map);
          shown = viewOf(early, linkedIds(address));
          store.set({ ...fresh(), opened: early, view: shown });
        }
        store.set({ loading });
      },
    }); // prettier-ignore
    // What the visitor did while the weights came stays.
    const { pad, drawn, linked } = readExtras(address, opened);
    const kept = await keepLinked(page, linked);
    const came = linkedIds(address).map((id) => (kept.some((one) => one.id === id) ? id : ''));
    const { view } = store.get();
    const next = shown === undefined || view === shown ? viewOf(opened, came) : view;
    const dropped = typeof source !== 'string';
    const { title, networks } = opened.manifest;
    store.set({
      ...fresh(),
      opened,
      dropped,
      kept,
      drawn,
      pad,
      ready: true,
      view: next,
      loading: undefined,
      said: `${title}: ${networks.length} networks`,
    });
  } catch (error) {
    if (wasStopped(error)) return;
    if (runtime === 'fastest' || !isAboutRuntime(error)) {
      store.set({ loading: undefined, failure: inWords(error) });
      return;
    }
    // A runtime that was chosen, or that a link from another machine names, may not work here: the space is shown all the same.
    store.change({ runtime: 'fastest' }, { undo: false });
    await openFolder(page, source, 'fastest', address);
    store.set({ notice: { kind: 'error', text: `${inWords(error)} The fastest runtime that works here is used instead.` } });
  }
}

const isAboutRuntime = (error: unknown): boolean => isNetSpaceError(error) && error.code === 'UNAVAILABLE';

function onlyMap(map: OpenedMap): Opened {
  const names = [...new Set(map.manifest.networks.map(({ architecture }) => architecture))];
  return {
    ...map,
    architectures: names.map((name) => ({ name, parameters: 0 })),
    ...{ embeddingSize: 0, prepShape: [0, 0], withWeights: [], runtime: 'cpu', trials: [] },
  };
}
