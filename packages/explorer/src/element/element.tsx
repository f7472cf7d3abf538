import { render } from 'preact';

import type { Engine } from '../client/engine.js';
import { startEngine } from '../client/page-engine.js';
import { goLive } from '../live/live.js';
import { followAddress } from '../live/link.js';
import { openFolder } from '../live/files/open.js';
import type { Page } from '../live/page.js';
import { keepAddress } from '../state/keep-address.js';
import { readEarly } from '../state/address.js';
import { FIRST_VIEW } from '../state/state.js';
import { createStore } from '../state/store.js';
import { addFont } from '../style/font.js';
import { sheets } from '../style/sheets.js';
import { PageContext } from '../ui/page-context.js';
import { App } from './app.js';

/**
 * `<netspace-explorer src="folder/">`: shows the folder that `netspace export` wrote. With the attribute `address` it keeps its state in the
 * address bar, after `#`; leave that out on a page that uses this part itself. Its event `netspace-ready` says that the space is there; the space's title is `detail.title`.
 */
export class NetSpaceExplorer extends HTMLElement {
  static readonly observedAttributes = ['src'];
  #stop: (() => void) | undefined;
  #engine: Engine | undefined;

  /** How many tensors are alive in the worker: for pages that watch their memory, and for tests. */
  async tensors(): Promise<number> {
    return this.#engine === undefined ? 0 : (await this.#engine.call('memory', {})).tensors;
  }

  connectedCallback(): void {
    this.#start();
  }

  disconnectedCallback(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (before === after || this.#stop === undefined) return;
    this.#stop();
    this.#start();
  }

  #start(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = sheets();
    addFont();
    const source = this.getAttribute('src');
    const keeps = this.hasAttribute('address');
    const address = keeps ? location.hash.slice(1) : '';
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const store = createStore({ systemDark: dark.matches, view: { ...FIRST_VIEW, ...readEarly(address) } });
    const engine = startEngine();
    this.#engine = engine;
    const page: Page = { store, engine, source: source === null ? undefined : new URL(source, document.baseURI).href, keepsAddress: keeps };
    const onScheme = (): void => store.set({ systemDark: dark.matches });
    dark.addEventListener('change', onScheme);
    let told = false;
    const tell = store.subscribe(() => {
      if (told || !store.get().ready) return;
      told = true;
      const detail = { title: store.get().opened?.manifest.title ?? '' };
      this.dispatchEvent(new CustomEvent('netspace-ready', { bubbles: true, detail }));
    });
    const stops = [tell, goLive(page), ...(keeps ? [keepAddress(store, (text) => void followAddress(page, text))] : [])];
    render(
      <PageContext.Provider value={page}>
        <App />
      </PageContext.Provider>,
      root,
    );
    if (page.source === undefined)
      store.set({ loading: undefined, failure: 'The element has no src: give it the address of the folder that netspace export wrote.' });
    else void openFolder(page, page.source, store.get().view.runtime, address);
    this.#stop = () => {
      for (const stop of stops) stop();
      dark.removeEventListener('change', onScheme);
      render(null, root);
      engine.close();
      this.#engine = undefined;
    };
  }
}
