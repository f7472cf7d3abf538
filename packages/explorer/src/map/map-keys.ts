import { type Point, pointOf, rowsOf } from '../state/places.js';
import type { Store } from '../state/store.js';
import { stepOnWalk } from '../walk/step.js';
import { frameOf, zoomAbout } from './frame.js';
import { nearestRow } from './nearest.js';
import { isShown } from './points/points.js';

const STEP = { slow: 8, fast: 48 };
const ARROWS: Readonly<Record<string, Point>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** The map by keyboard. */
export function mapKeys(store: Store, event: KeyboardEvent): void {
  const state = store.get();
  const { view, opened } = state;
  if (opened === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  const frame = frameOf(state);
  const cursor = pointOf(view.cursor, state) ?? frame.center;
  const arrow = ARROWS[event.key];
  const { networks } = opened.manifest;
  const isUmap = view.projection === 'umap' && state.umap !== undefined;
  if (arrow !== undefined && view.tab === 'walk') {
    if (state.playing) store.set({ playing: false });
    store.change({ walk: stepOnWalk(view.walk, arrow, event.shiftKey ? 0.1 : 0.02) }, { gesture: 'walk arrows' });
    store.set({ moving: event.repeat });
  } else if (arrow !== undefined) {
    const step = (event.shiftKey ? STEP.fast : STEP.slow) / frame.scale;
    const to: Point = [cursor[0] + arrow[0] * step, cursor[1] + arrow[1] * step];
    // UMAP has no plane to stand on: an arrow goes to the next network that way.
    const row = isUmap ? rowTowards(store, cursor, arrow) : undefined;
    if (isUmap && row === undefined) {
      event.preventDefault();
      return;
    }
    store.set({ moving: event.repeat });
    const place =
      row === undefined ? ({ at: 'plane', x: to[0], y: to[1] } as const) : ({ at: 'network', name: networks[row]!.name } as const);
    store.change({ cursor: place }, { gesture: 'arrows' });
  } else if (event.key === '+' || event.key === '=' || event.key === '-') {
    const factor = event.key === '-' ? 1 / 1.3 : 1.3;
    store.change(zoomAbout(frame, view.zoom, factor, [frame.width / 2, frame.height / 2]), { gesture: 'zoom keys' });
  } else if (event.key === '0') {
    store.change({ zoom: 1, center: undefined });
  } else if (event.key === 'Enter') {
    const row = nearestRow(state, cursor, Math.hypot(frame.width, frame.height));
    if (row !== undefined) store.change({ cursor: { at: 'network', name: networks[row]!.name } });
  } else if (event.key === ',' || event.key === '.') {
    const now = view.cursor.at === 'network' ? (rowsOf(state).get(view.cursor.name) ?? 0) : -1;
    const next = networks[(now + (event.key === '.' ? 1 : -1) + networks.length) % networks.length];
    if (next !== undefined) store.change({ cursor: { at: 'network', name: next.name } }, { gesture: 'networks in order' });
  } else if (event.key === 'Escape') {
    store.set({ stroke: [], placing: undefined });
    if (view.selection.length > 0 || view.tool !== 'cursor') store.change({ selection: [], tool: 'cursor' });
  } else {
    return;
  }
  event.preventDefault();
}

function rowTowards(store: Store, [x, y]: Point, [dx, dy]: Point): number | undefined {
  const state = store.get();
  const points = state.umap!;
  let [found, least]: [number | undefined, number] = [undefined, Infinity];
  const { networks } = state.opened!.manifest;
  for (let row = 0; row < points.length / 2; row++) {
    if (!isShown(state.view.show, networks[row]!.heldOut)) continue;
    const [ax, ay] = [points[2 * row]! - x, points[2 * row + 1]! - y];
    const along = ax * dx + ay * dy;
    const across = Math.abs(ax * dy) + Math.abs(ay * dx);
    if (along > 1e-6 && across <= along && along + across < least) [found, least] = [row, along + across];
  }
  return found;
}
