import type { State } from '../state/state.js';
import type { HeatLevel } from '../worker/protocol.js';
import { coloringOf, kindColor, rampColor } from './colors.js';
import { frameOf, toScreen } from './frame.js';
import { mainMetric } from '../state/first-view.js';

const LEVELS = new WeakMap<HeatLevel, HTMLCanvasElement>();

/** Shades the plane by the accuracy of the network at each of its places; by its architecture where there is no accuracy. */
export function paintHeat(canvas: HTMLCanvasElement, state: State): void {
  const { heat, view, opened } = state;
  const ratio = globalThis.devicePixelRatio;
  const [width, height] = state.mapSize.map((size) => Math.round(size * ratio)) as [number, number];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  if (heat === undefined || opened === undefined || !view.shaded || view.projection !== 'pca') return;
  const frame = frameOf(state);
  const [left, right, bottom, top] = heat.extent;
  const [x0, y0] = toScreen(frame, [left, top]);
  const [x1, y1] = toScreen(frame, [right, bottom]);
  const metric = mainMetric(opened);
  const range = metric === undefined ? undefined : coloringOf(opened, metric).range;
  context.globalAlpha = 0.42;
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(levelCanvas(heat, range ?? [0, 1]), x0 * ratio, y0 * ratio, (x1 - x0) * ratio, (y1 - y0) * ratio);
}

function levelCanvas(heat: HeatLevel, [low, high]: readonly [number, number]): HTMLCanvasElement {
  const known = LEVELS.get(heat);
  if (known !== undefined) return known;
  const { columns, rows, values, classIds } = heat;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(columns, rows);
  const accurate = values.some((value) => Number.isFinite(value));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const from = row * columns + column;
      const value = values[from]!;
      if (accurate && !Number.isFinite(value)) continue;
      // The heat's rows begin at the bottom, a canvas's at the top.
      image.data.set(
        [...(accurate ? rampColor((value - low) / (high - low || 1)) : kindColor(classIds[from]!)), 255],
        4 * ((rows - 1 - row) * columns + column),
      );
    }
  }
  context.putImageData(image, 0, 0);
  LEVELS.set(heat, canvas);
  return canvas;
}
