import { bringDropped } from '../live/files/bring.js';
import { openFolder } from '../live/files/open.js';
import { BringPanel } from '../bring/bring-panel.js';
import { DrawPanel } from '../draw/draw-panel.js';
import { LookPanel } from '../look/look-panel.js';
import { SpaceMap } from '../map/map.js';
import { OptimizePanel } from '../optimize/optimize-panel.js';
import { isDark, type Tab } from '../state/state.js';
import { Tour } from '../tour/tour.js';
import { Button } from '../ui/controls.js';
import { usePage, useSelect } from '../ui/page-context.js';
import { bytesLabel, figure } from '../ui/words.js';
import { WalkPanel } from '../walk/walk-panel.js';
import { wantsReload } from '../live/page.js';
import { Header, RUNTIME_WORDS } from './header.js';

const TABS: readonly { readonly tab: Tab; readonly label: string; readonly needsSample?: boolean }[] = [
  { tab: 'look', label: 'Network' },
  { tab: 'walk', label: 'Walk' },
  { tab: 'draw', label: 'Draw', needsSample: true },
  { tab: 'optimize', label: 'Optimize', needsSample: true },
  { tab: 'bring', label: 'Your own' },
];

/** The whole page. */
export function App() {
  const page = usePage();
  const { store } = page;
  const dark = useSelect(isDark);
  const hasMap = useSelect(({ opened }) => opened !== undefined);
  const dropping = useSelect((state) => state.dropping);
  const hasSample = useSelect(({ opened }) => opened?.sample !== undefined);
  const onKey = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
    // Text fields have an undo of their own.
    if (event.target instanceof HTMLInputElement && event.target.type === 'text') return;
    event.preventDefault();
    if (event.shiftKey) store.redo();
    else store.undo();
  };
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
  return (
    <div
      class={`app ${dark ? 'dark' : 'light'}`}
      onKeyDown={onKey}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        if (!dropping) store.set({ dropping: true });
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) store.set({ dropping: false });
      }}
      onDrop={(event) => {
        if (!hasFiles(event) || event.dataTransfer === null) return;
        event.preventDefault();
        store.set({ dropping: false });
        void bringDropped(page, event.dataTransfer);
      }}
    >
      <div class="frame">
        <Header />
        {hasMap ? <SpaceMap /> : <Welcome />}
        {hasMap && <Panel />}
        <Status />
      </div>
      <Tour />
      <NoticeBar />
      {dropping && <div class="drop-veil">Drop a network, {hasSample && 'an image, '}or the folder or zip of a space</div>}
      <Said />
    </div>
  );
}

function Panel() {
  const { store } = usePage();
  const tab = useSelect(({ view }) => view.tab);
  const ready = useSelect((state) => state.ready);
  const hasSample = useSelect(({ opened }) => opened?.sample !== undefined);
  const kind = useSelect(({ opened }) => opened?.manifest.kind);
  const problem = useSelect((state) => state.lookProblem);
  const tabs = TABS.filter(({ needsSample }) => needsSample !== true || kind === 'classifier');
  const choose = (next: Tab): void => {
    if (next !== tab) store.change({ tab: next });
  };
  const onKey = (event: KeyboardEvent): void => {
    const now = tabs.findIndex((one) => one.tab === tab);
    const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length]!;
    choose(next.tab);
    (event.currentTarget as HTMLElement).querySelector<HTMLElement>(`#tab-${next.tab}`)?.focus();
  };
  return (
    <section class="panel" aria-label="What the network does">
      <div class="tabs" role="tablist" aria-label="Views" onKeyDown={onKey}>
        {tabs.map((one) => (
          <button
            type="button"
            key={one.tab}
            id={`tab-${one.tab}`}
            role="tab"
            aria-selected={one.tab === tab}
            aria-controls="view"
            tabIndex={one.tab === tab ? 0 : -1}
            onClick={() => choose(one.tab)}
          >
            {one.label}
          </button>
        ))}
      </div>
      <div class="view" id="view" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={-1} key={tab} data-sample={hasSample}>
        {!ready ? (
          <Progress />
        ) : (
          <>
            {problem !== undefined && (
              <div class="problem" role="alert">
                <p>{problem}</p>
                {wantsReload(problem) && <Button label="Load the page again" onPress={() => location.reload()} />}
              </div>
            )}
            {tab === 'look' && <LookPanel />}
            {tab === 'walk' && <WalkPanel />}
            {tab === 'draw' && <DrawPanel />}
            {tab === 'optimize' && <OptimizePanel />}
            {tab === 'bring' && <BringPanel />}
          </>
        )}
      </div>
    </section>
  );
}

function Progress() {
  const loading = useSelect((state) => state.loading);
  if (loading === undefined) return <Failure />;
  const { part, loaded, total } = loading;
  return (
    <div class="progress">
      <p>
        Loading {part}
        {total > 0 && ` · ${bytesLabel(loaded)} of ${bytesLabel(total)}`}
      </p>
      <progress aria-label={`Loading ${part}`} {...(total > 0 && { value: loaded, max: total })} />
    </div>
  );
}

/** Before there is a map: what is loading, or why nothing could be. */
function Welcome() {
  return (
    <section class="welcome" aria-label="Loading">
      <Progress />
    </section>
  );
}

function Failure() {
  const page = usePage();
  const { store, source, keepsAddress } = page;
  const failure = useSelect((state) => state.failure);
  if (failure === undefined) return null;
  return (
    <div class="failure" role="alert">
      <h2>This space could not be opened</h2>
      <p>{failure}</p>
      <p class="soft">You can also drop the folder or zip of a space anywhere on this page.</p>
      {source !== undefined && (
        <Button
          kind="primary"
          label="Try again"
          onPress={() => void openFolder(page, source, store.get().view.runtime, keepsAddress ? location.hash.slice(1) : '')}
        />
      )}
    </div>
  );
}

/** One line on how fast things are. */
function Status() {
  const opened = useSelect((state) => state.opened);
  const ready = useSelect((state) => state.ready);
  const look = useSelect((state) => state.look);
  if (opened === undefined || !ready) return null;
  return (
    <footer class="status">
      <span>
        Runs on <b>{RUNTIME_WORDS[opened.runtime]}</b> in this browser
      </span>
      {look !== undefined && (
        <span>
          decoded in {figure(look.decodeMs)} ms{look.runMs > 0 && `, run in ${figure(look.runMs)} ms`}
        </span>
      )}
      <span class="grow" />
      <span>embedding: {opened.embeddingSize} numbers</span>
    </footer>
  );
}

function NoticeBar() {
  const { store } = usePage();
  const notice = useSelect((state) => state.notice);
  return (
    <div class="notices" role="status" aria-live={notice?.kind === 'error' ? 'assertive' : 'polite'}>
      {notice !== undefined && (
        <div class={`notice ${notice.kind}`}>
          <p>{notice.text}</p>
          {notice.remedy !== undefined && <Button label={notice.remedy.label} onPress={notice.remedy.act} />}
          <Button bare kind="quiet" icon="close" label="Close this message" onPress={() => store.set({ notice: undefined })} />
        </div>
      )}
    </div>
  );
}

function Said() {
  const said = useSelect((state) => state.said);
  return (
    <p class="hidden" role="status" aria-live="polite" data-value="said">
      {said}
    </p>
  );
}
