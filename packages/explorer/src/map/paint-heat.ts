import type { State } from '../state/state.js';
import type { HeatLevel } from '../worker/messages/protocol.js';
import { coloringOf, kindColor, rampColor } from './colors.js';
import { frameOf, toScreen } from './frame.js';
import { accuracyMetric } from '../state/first-view.js';

const LEVELS = new WeakMap<HeatLevel, HTMLCanvasElement>();

/** Cells between those of a coarser grid. */
const MOST_REACH = 4;

/** Shades the plane by what was measured of the network at each of its places; by its architecture where nothing was. */
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
  // Accuracies in the colors of the points, if these have some; volumes of shapes are no metric of theirs.
  const metric = opened.manifest.kind === 'sdf' ? undefined : accuracyMetric(opened);
  const range = metric === undefined ? rangeOf(heat.values) : coloringOf(opened, metric).range;
  context.globalAlpha = 0.42;
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(levelCanvas(heat, range ?? [0, 1]), x0 * ratio, y0 * ratio, (x1 - x0) * ratio, (y1 - y0) * ratio);
}

function rangeOf(values: Float32Array): readonly [number, number] | undefined {
  const measured = values.filter((value) => Number.isFinite(value));
  return measured.length === 0 ? undefined : [Math.min(...measured), Math.max(...measured)];
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
      const from = nearestKnown(heat, row, column);
      if (from === undefined) continue;
      const color = accurate ? rampColor((values[from]! - low) / (high - low || 1)) : kindColor(classIds[from]!);
      // The outermost cells fade: beyond them nothing was computed.
      const isEdge = row === 0 || column === 0 || row === rows - 1 || column === columns - 1;
      // The heat's rows begin at the bottom, a canvas's at the top.
      image.data.set([...color, isEdge ? 0 : 255], 4 * ((rows - 1 - row) * columns + column));
    }
  }
  context.putImageData(image, 0, 0);
  LEVELS.set(heat, canvas);
  return canvas;
}

/** A cell that is not computed yet shows what a coarser grid had found nearby. */
function nearestKnown({ columns, rows, known }: HeatLevel, row: number, column: number): number | undefined {
  let [found, least]: [number | undefined, number] = [undefined, Infinity];
  for (let reach = 0; reach <= MOST_REACH && found === undefined; reach++) {
    for (let v = Math.max(0, row - reach); v <= Math.min(rows - 1, row + reach); v++) {
      for (let u = Math.max(0, column - reach); u <= Math.min(columns - 1, column + reach); u++) {
        const distance = (u - column) ** 2 + (v - row) ** 2;
        if (distance < least && known[v * columns + u] === 1) [found, least] = [v * columns + u, distance];
      }
    }
  }
  return found;
}
