import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';

import { pointsOf, rowsOf } from '../state/places.js';
import { isDark } from '../state/state.js';
import { usePage, useSelect } from '../ui/page-context.js';
import { frameOf } from './frame.js';
import { HoverCard } from './hover-card.js';
import { Legend } from './legend.js';
import { mapKeys } from './map-keys.js';
import { mapPointer } from './map-pointer.js';
import { Overlay } from './overlay.js';
import { paintHeat } from './paint-heat.js';
import { createPointsView } from './points/points-view.js';
import { type Inks, pointsData } from './points/points.js';
import { MapTools } from './map-tools.js';

const differ = (now: readonly unknown[], then: readonly unknown[]): boolean =>
  now.length !== then.length || now.some((one, i) => one !== then[i]);

const LIGHT: Inks = { ink: '#1d1c1a', paper: '#faf8f4' };
const DARK: Inks = { ink: '#f2f0ea', paper: '#131416' };

/** The map: the plane's shading, the networks, and above them what one points at. */
export function SpaceMap() {
  const page = usePage();
  const { store } = page;
  const root = useRef<HTMLDivElement>(null);
  const heatCanvas = useRef<HTMLCanvasElement>(null);
  const pointsHost = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = root.current!;
    const measure = (): void => {
      const size = [element.clientWidth, element.clientHeight] as const;
      const [width, height] = store.get().mapSize;
      if (size[0] !== width || size[1] !== height) store.set({ mapSize: size });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [store]);

  useEffect(() => {
    const element = root.current!;
    const view = createPointsView(pointsHost.current!, () => store.get().view.zoom);
    let data = pointsData(store.get());
    let inputs: readonly unknown[] = [];
    let drawnPoints: readonly unknown[] = [];
    let drawnHeat: readonly unknown[] = [];
    let frame = 0;
    // Most changes of the state, such as what the pointer hovers, change nothing here: 100,000 networks are not drawn again for them.
    const draw = (): void => {
      frame = 0;
      const state = store.get();
      const { opened, heat, view: seen } = state;
      const now = [opened, pointsOf(state), seen.colorBy, seen.show, seen.selection, rowsOf(state)];
      if (differ(now, inputs)) [data, inputs] = [pointsData(state), now];
      if (data === undefined || state.mapSize[0] === 0) return;
      const at = frameOf(state);
      const sight = [...at.center, at.scale, at.width, at.height, globalThis.devicePixelRatio];
      const points = [data, isDark(state), ...sight];
      if (differ(points, drawnPoints)) view.draw(data, at, isDark(state) ? DARK : LIGHT);
      const shading = [opened, heat, seen.shaded, seen.projection, ...sight];
      if (heatCanvas.current !== null && differ(shading, drawnHeat)) paintHeat(heatCanvas.current, state);
      [drawnPoints, drawnHeat] = [points, shading];
    };
    const drawAgain = (): void => {
      drawnPoints = [];
      drawnHeat = [];
      schedule();
    };
    element.addEventListener('contextrestored', drawAgain, true); // a canvas whose picture the browser had thrown away
    const schedule = (): void => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    schedule();
    const stop = store.subscribe(schedule);
    return () => {
      stop();
      element.removeEventListener('contextrestored', drawAgain, true);
      cancelAnimationFrame(frame);
      view.dispose();
    };
  }, [store]);

  const pointer = useMemo(() => mapPointer(store), [store]);
  useLayoutEffect(() => {
    const element = root.current!.querySelector<HTMLElement>('.plane')!;
    // Preact listens passively; a wheel that zooms must not scroll.
    element.addEventListener('wheel', pointer.onWheel, { passive: false });
    return () => element.removeEventListener('wheel', pointer.onWheel);
  }, [pointer]);

  const tool = useSelect(({ view, placing }) => (placing === undefined ? view.tool : 'placing'));
  const title = useSelect(({ opened }) => opened?.manifest.title ?? 'space');
  return (
    <section class="map" aria-label="Map of the space" ref={root} data-tour="map">
      <div
        class={`plane tool-${tool}`}
        role="application"
        tabIndex={0}
        aria-label={`Map of ${title}. Arrow keys move the cursor, with Shift faster. Plus, minus and 0 zoom. Enter goes to the nearest network, comma and period to the one before and after.`}
        onPointerDown={pointer.onDown}
        onPointerMove={pointer.onMove}
        onPointerUp={pointer.onUp}
        onPointerCancel={pointer.onUp}
        onPointerLeave={pointer.onLeave}
        onKeyDown={(event) => mapKeys(store, event)}
        onKeyUp={() => store.set({ moving: store.get().playing })}
        onContextMenu={(event) => event.preventDefault()}
      >
        <canvas class="heat" ref={heatCanvas} aria-hidden="true" />
        <div class="points" ref={pointsHost} aria-hidden="true" />
        <Overlay />
      </div>
      <HoverCard />
      <MapTools />
      <Legend />
    </section>
  );
}
