import { Button } from '../ui/controls.js';
import { usePage, useSelect } from '../ui/page-context.js';
import { exportEmbeddings, exportList } from '../live/files/exports.js';
import { architectureLabel, metricValue } from '../ui/words.js';
import { mainMetric } from '../state/first-view.js';
import { pointsOf, rowsOf } from '../state/places.js';
import { frameOf, toScreen } from './frame.js';
import { isShown } from './points/points.js';

/** So many of the chosen are listed; all are exported. */
const MOST_LISTED = 100;

/** The networks that one has chosen: listed, exported. */
export function Selection() {
  const page = usePage();
  const { store } = page;
  const selection = useSelect(({ view }) => view.selection);
  const opened = useSelect((state) => state.opened)!;
  const { networks } = opened.manifest;
  const rows = rowsOf(store.get());
  const metric = mainMetric(opened);
  const chooseVisible = (): void => {
    const state = store.get();
    const frame = frameOf(state);
    const points = pointsOf(state)!;
    const names = networks.filter(({ heldOut }, row) => {
      const [x, y] = toScreen(frame, [points[2 * row]!, points[2 * row + 1]!]);
      return isShown(state.view.show, heldOut) && x >= 0 && y >= 0 && x <= frame.width && y <= frame.height;
    });
    store.change({ selection: names.map(({ name }) => name) });
    store.set({ said: `${names.length} networks chosen` });
  };
  return (
    <details class="fold" open={selection.length > 0}>
      <summary>
        Chosen networks <b data-value="chosen">{selection.length}</b>
      </summary>
      <div class="row">
        <Button label="Ring on the map" onPress={() => store.change({ tool: 'lasso' }, { undo: false })} />
        <Button label="All in view" onPress={chooseVisible} />
        {selection.length > 0 && <Button label="None" onPress={() => store.change({ selection: [] })} />}
      </div>
      {selection.length > 0 && (
        <>
          <ul class="list" aria-label="Chosen networks">
            {selection.slice(0, MOST_LISTED).map((name) => {
              const network = networks[rows.get(name) ?? -1];
              const value = metric === undefined ? undefined : network?.metrics[metric];
              return (
                <li key={name}>
                  <button type="button" onClick={() => store.change({ cursor: { at: 'network', name } })}>
                    <span>{name}</span>
                    <span class="soft">
                      {architectureLabel(network?.architecture ?? '')}
                      {value !== undefined && ` · ${metricValue(metric!, value)}`}
                    </span>
                  </button>
                </li>
              );
            })}
          </ul>
          {selection.length > MOST_LISTED && <p class="soft">and {selection.length - MOST_LISTED} more</p>}
          <div class="row">
            <Button label="Export list (CSV)" onPress={() => exportList(page)} />
            <Button label="Export embeddings (CSV)" onPress={() => void exportEmbeddings(page)} />
          </div>
        </>
      )}
    </details>
  );
}
