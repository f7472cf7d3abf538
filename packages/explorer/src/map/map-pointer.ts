import { type Point, pointOf } from '../state/places.js';
import type { View } from '../state/state.js';
import type { Store } from '../state/store.js';
import type { Place } from '../worker/messages/protocol.js';
import { walkNearest } from '../walk/project.js';
import { frameOf, toPlane, toScreen, zoomAbout } from './frame.js';
import { namesWithin, nearestRow, simplified } from './nearest.js';

/** A press that moves less is a click. */
const CLICK_PIXELS = 4;
const REACH = { mouse: 10, touch: 22 };
/** Most stops of a path that was drawn. */
const MOST_STOPS = 12;

type Drag =
  | { readonly kind: 'cursor' | 'stroke' }
  | { readonly kind: 'stop'; readonly index: number }
  | { readonly kind: 'pan'; readonly from: Point; readonly center: Point };

/** What a mouse, pen or fingers do on the map. */
export function mapPointer(store: Store) {
  const down = new Map<number, Point>();
  let drag: Drag | undefined;
  let start: Point = [0, 0];
  let gesture = 0;
  let moved = false;
  let reach = REACH.mouse;

  const at = (event: PointerEvent | WheelEvent): Point => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const change = (view: Partial<View>): void => store.change(view, { drag: `map ${gesture}` });

  /** The place under a pointer: the network that it touches, else the plane, where the map shows one. */
  const placeAt = (screen: Point, snap: boolean): Place | undefined => {
    const state = store.get();
    const [x, y] = toPlane(frameOf(state), screen);
    const isUmap = state.view.projection === 'umap' && state.umap !== undefined;
    const row = snap || isUmap ? nearestRow(state, [x, y], isUmap ? 60 : reach) : undefined;
    if (row !== undefined) return { at: 'network', name: state.opened!.manifest.networks[row]!.name };
    return isUmap ? undefined : { at: 'plane', x, y };
  };
  const setStop = (index: number, place: Place | undefined): void => {
    if (place === undefined) return;
    const { walk } = store.get().view;
    const stops = [...walk.stops];
    stops[Math.min(index, stops.length)] = place;
    change({ walk: { ...walk, stops } });
  };
  const stopAt = (screen: Point): number | undefined => {
    const state = store.get();
    const { tab, walk } = state.view;
    if (tab !== 'walk') return undefined;
    const most = { line: 2, triangle: 3, path: walk.stops.length }[walk.mode];
    const index = walk.stops.slice(0, most).findIndex((stop) => {
      const point = pointOf(stop, state);
      const [x, y] = point === undefined ? [NaN, NaN] : toScreen(frameOf(state), point);
      return Math.hypot(x - screen[0], y - screen[1]) < reach + 4;
    });
    return index < 0 ? undefined : index;
  };
  const begin = (event: PointerEvent, screen: Point): Drag => {
    const { view, placing } = store.get();
    const center = frameOf(store.get()).center;
    const pans = view.tool === 'pan' || event.button === 1 || event.button === 2 || event.shiftKey;
    if (placing !== undefined) return { kind: 'stop', index: placing };
    if (pans) return { kind: 'pan', from: screen, center };
    if (view.tool === 'lasso' || view.tool === 'path') return { kind: 'stroke' };
    const index = stopAt(screen);
    return index === undefined ? { kind: 'cursor' } : { kind: 'stop', index };
  };
  const follow = (screen: Point): void => {
    const state = store.get();
    if (drag?.kind === 'cursor' && state.view.tab === 'walk') {
      change({ walk: walkNearest(state, toPlane(frameOf(state), screen)) });
    } else if (drag?.kind === 'cursor') {
      const place = placeAt(screen, !moved);
      if (place !== undefined) change({ cursor: place });
    } else if (drag?.kind === 'stop') {
      setStop(drag.index, placeAt(screen, true));
    } else if (drag?.kind === 'pan') {
      const { scale } = frameOf(state);
      const [x, y] = [drag.center[0] - (screen[0] - drag.from[0]) / scale, drag.center[1] + (screen[1] - drag.from[1]) / scale];
      change({ center: [x, y] });
    } else if (drag?.kind === 'stroke') {
      store.set({ stroke: [...state.stroke, toPlane(frameOf(state), screen)] });
    }
  };
  const finishStroke = (): void => {
    const state = store.get();
    const { stroke, view } = state;
    store.set({ stroke: [] });
    if (view.tool === 'lasso') {
      const selection = namesWithin(state, stroke);
      store.change({ selection, tool: 'cursor' });
      store.set({ said: `${selection.length} networks chosen` });
      return;
    }
    let tolerance = 4 / frameOf(state).scale;
    let line = simplified(stroke, tolerance);
    while (line.length > MOST_STOPS) line = simplified(stroke, (tolerance *= 1.5));
    if (line.length < 2 || (view.projection === 'umap' && state.umap !== undefined)) return;
    const stops = line.map(([x, y]): Place => ({ at: 'plane', x, y }));
    store.change({ tool: 'cursor', tab: 'walk', walk: { ...view.walk, mode: 'path', stops, gamma: 0 } });
  };

  return {
    onDown: (event: PointerEvent): void => {
      const element = event.currentTarget as HTMLElement;
      element.setPointerCapture(event.pointerId);
      element.focus({ preventScroll: true });
      const screen = at(event);
      reach = event.pointerType === 'touch' ? REACH.touch : REACH.mouse;
      down.set(event.pointerId, screen);
      store.set({ hovered: undefined });
      if (down.size === 2) {
        // A second finger: what the first began becomes a pinch.
        drag = undefined;
        store.set({ stroke: [] });
        return;
      }
      if (down.size > 2) return;
      gesture++;
      [start, moved] = [screen, false];
      drag = begin(event, screen);
      store.set({ moving: drag.kind === 'cursor' || drag.kind === 'stop' });
      follow(screen);
    },
    onMove: (event: PointerEvent): void => {
      const screen = at(event);
      const before = down.get(event.pointerId);
      if (before === undefined) {
        const state = store.get();
        const row = event.pointerType === 'touch' ? undefined : nearestRow(state, toPlane(frameOf(state), screen), REACH.mouse);
        const hovered = row === undefined ? undefined : state.opened!.manifest.networks[row]!.name;
        if (hovered !== state.hovered) store.set({ hovered });
        return;
      }
      if (down.size === 2) {
        const other = [...down].find(([id]) => id !== event.pointerId)![1];
        const { view } = store.get();
        const factor =
          Math.hypot(screen[0] - other[0], screen[1] - other[1]) / Math.max(1, Math.hypot(before[0] - other[0], before[1] - other[1]));
        const middle: Point = [(screen[0] + other[0]) / 2, (screen[1] + other[1]) / 2];
        const frame = frameOf(store.get());
        const next = zoomAbout(frame, view.zoom, factor, middle);
        const shift: Point = [(screen[0] - before[0]) / 2 / frame.scale / factor, (screen[1] - before[1]) / 2 / frame.scale / factor];
        change({ zoom: next.zoom, center: [next.center[0] - shift[0], next.center[1] + shift[1]] });
        down.set(event.pointerId, screen);
        return;
      }
      down.set(event.pointerId, screen);
      if (Math.hypot(screen[0] - start[0], screen[1] - start[1]) > CLICK_PIXELS) moved = true;
      if (moved) follow(screen);
    },
    onUp: (event: PointerEvent): void => {
      if (!down.delete(event.pointerId) || down.size > 0) return;
      if (drag?.kind === 'stroke') finishStroke();
      drag = undefined;
      store.set({ moving: store.get().playing, placing: undefined });
    },
    onLeave: (): void => {
      if (store.get().hovered !== undefined) store.set({ hovered: undefined });
    },
    onWheel: (event: WheelEvent): void => {
      event.preventDefault();
      const { view } = store.get();
      const lines = event.deltaMode === 1 ? 20 : 1;
      const factor = Math.exp(-Math.max(-200, Math.min(200, event.deltaY * lines)) * 0.0022);
      store.change(zoomAbout(frameOf(store.get()), view.zoom, factor, at(event)), { gesture: 'wheel' });
    },
  };
}
