import type { Frame } from '../frame.js';
import { createCanvasPoints } from './points-canvas.js';
import { type Inks, MOST_ON_CANVAS, type PointsData, type PointsLayer } from './points.js';

/** Draws networks on a 2-D canvas while they are few, and with WebGL, loaded when it is needed, where they are many. */
export function createPointsView(host: HTMLElement, zoom: () => number): PointsLayer {
  let canvas = freshCanvas(host);
  let layer = createCanvasPoints(canvas, zoom);
  let wants3d: 'no' | 'loading' | 'done' = 'no';
  let last: readonly [PointsData, Frame, Inks] | undefined;
  let disposed = false;

  const replace = (make: (canvas: HTMLCanvasElement) => PointsLayer | undefined): void => {
    const next = freshCanvas(host);
    const made = make(next);
    if (made === undefined) {
      next.remove();
      return;
    }
    layer.dispose();
    canvas.remove();
    [canvas, layer] = [next, made];
    if (last !== undefined) layer.draw(...last);
  };
  const plain = (): void => replace((next) => createCanvasPoints(next, zoom));
  const load = async (): Promise<void> => {
    wants3d = 'loading';
    // A chunk that does not load leaves the plain map, which works.
    const made = await import('./points-webgl.js').catch(() => undefined);
    wants3d = 'done';
    if (made !== undefined && !disposed) replace((next) => made.createWebglPoints(next, zoom, plain));
  };
  return {
    draw(data, frame, inks) {
      last = [data, frame, inks];
      layer.draw(data, frame, inks);
      if (data.hollow.length > MOST_ON_CANVAS && wants3d === 'no') void load();
    },
    dispose() {
      disposed = true;
      layer.dispose();
      canvas.remove();
    },
  };
}

function freshCanvas(host: HTMLElement): HTMLCanvasElement {
  // A canvas that once had a context of one kind never gives another.
  return host.appendChild(document.createElement('canvas'));
}
