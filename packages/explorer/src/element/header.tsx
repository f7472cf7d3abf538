import { copyLink } from '../live/link.js';
import { openFolder } from '../live/files/open.js';
import { addressOf } from '../state/address-of.js';
import type { Theme, View } from '../state/state.js';
import { Button, Segments } from '../ui/controls.js';
import { Icon } from '../ui/icons.js';
import { NetworkSearch } from '../ui/network-search.js';
import { usePage, useSelect } from '../ui/page-context.js';
import { figure, placesLabel } from '../ui/words.js';

export const RUNTIME_WORDS: Readonly<Record<View['runtime'], string>> = {
  fastest: 'fastest here',
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'wasm',
  cpu: 'CPU',
};

/** Title, search, and what concerns the whole page. */
export function Header() {
  const page = usePage();
  const { store } = page;
  const opened = useSelect((state) => state.opened);
  const [past, future] = [useSelect((state) => state.past.length), useSelect((state) => state.future.length)];
  return (
    <header class="top">
      <div class="brand">
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M5 18C8 7 14 20 19 6" />
          <circle cx="5" cy="18" r="3" />
          <circle cx="19" cy="6" r="3" />
          <circle class="mid" cx="12" cy="12.5" r="2" />
        </svg>
        <div>
          <h1>{opened?.manifest.title ?? 'NetSpace'}</h1>
          <p class="soft">
            {opened === undefined ? (
              'A map of neural networks'
            ) : (
              <>
                {opened.manifest.networks.length.toLocaleString('en')} networks
                {opened.manifest.refineSteps === undefined ? '' : ', refined'}
                <span class="maker"> · NetSpace explorer</span>
              </>
            )}
          </p>
        </div>
      </div>
      {opened !== undefined && (
        <>
          <NetworkSearch
            id="find"
            label="Find a network"
            shown="Find a network"
            onChoose={(name) =>
              store.change({ cursor: { at: 'network', name }, tab: store.get().view.tab === 'walk' ? 'look' : store.get().view.tab })
            }
          />
          <nav class="actions" aria-label="Page">
            <Button bare kind="quiet" icon="undo" label="Undo" disabled={past === 0} onPress={() => store.undo()} />
            <Button bare kind="quiet" icon="redo" label="Redo" disabled={future === 0} onPress={() => store.redo()} />
            {page.keepsAddress && (
              <Button bare kind="quiet" icon="link" label="Copy a link to this view" onPress={() => void copyLink(page)} />
            )}
            <Button bare kind="quiet" icon="help" label="Take the tour" onPress={() => store.set({ tour: 0 })} />
            <Settings />
          </nav>
        </>
      )}
    </header>
  );
}

function Settings() {
  const page = usePage();
  const { store, source } = page;
  const view = useSelect((state) => state.view);
  const opened = useSelect((state) => state.opened)!;
  const ms = useSelect((state) => state.look?.decodeMs);
  const { manifest, trials } = opened;
  const setRuntime = (runtime: View['runtime']): void => {
    store.change({ runtime }, { undo: false });
    if (source !== undefined) void openFolder(page, source, runtime, addressOf(store.get()).text);
  };
  const places = placesLabel(manifest);
  const versions = Object.entries(manifest.versions ?? {});
  return (
    <details
      class="settings"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !event.currentTarget.open) return;
        event.currentTarget.open = false;
        event.currentTarget.querySelector('summary')?.focus();
      }}
      onFocusOut={(event) => {
        const to = event.relatedTarget as Node | null;
        if (to !== null && !event.currentTarget.contains(to)) event.currentTarget.open = false;
      }}
    >
      <summary aria-label="Settings" title="Settings">
        <Icon name="settings" />
      </summary>
      <div class="popover">
        <h2>Theme</h2>
        <Segments<Theme>
          label="Theme"
          value={view.theme}
          options={[
            { value: 'auto', label: 'As the system' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
          onChoose={(theme) => store.change({ theme }, { undo: false })}
        />
        <h2>Runtime</h2>
        <ul class="runtimes" aria-label="Runtime">
          {(['fastest', 'webgpu', 'webgl', 'wasm', 'cpu'] as const).map((runtime) => {
            const trial = trials.find((one) => one.runtime === runtime);
            return (
              <li key={runtime}>
                <button
                  type="button"
                  aria-pressed={view.runtime === runtime}
                  disabled={(source === undefined && view.runtime !== runtime) || trial?.problem !== undefined}
                  onClick={() => setRuntime(runtime)}
                >
                  {RUNTIME_WORDS[runtime]}
                  <span class="soft">
                    {runtime === 'fastest'
                      ? `now ${RUNTIME_WORDS[opened.runtime]}`
                      : trial === undefined
                        ? ''
                        : trial.decodeMs === undefined
                          ? 'not here'
                          : `${figure(trial.decodeMs)} ms`}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
        {ms !== undefined && <p class="soft">The last network was decoded in {figure(ms)} ms.</p>}
        <h2>About</h2>
        <p>{manifest.description}</p>
        {places !== undefined && <p>{places}</p>}
        {manifest.sample && <p class="soft">Sample: {manifest.sample.source}</p>}
        {manifest.license !== undefined && <p class="soft">License: {manifest.license}</p>}
        {manifest.command !== undefined && (
          <p class="soft">
            Made by <code>{manifest.command}</code>
          </p>
        )}
        {versions.length > 0 && <p class="soft">{versions.map(([name, version]) => `${name} ${version}`).join(', ')}</p>}
      </div>
    </details>
  );
}
