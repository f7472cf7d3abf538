import { pointsOf, rowsOf } from '../../state/places.js';
import type { State } from '../../state/state.js';
import { coloringOf } from '../colors.js';
import type { Frame } from '../frame.js';

/** What is drawn of the networks. */
export interface PointsData {
  /** `[x0, y0, …]`. */
  readonly positions: Float32Array;
  /** RGBA a network; hidden ones have an alpha of 0. */
  readonly colors: Uint8Array;
  /** 1 for rings (held-out networks), 0 for discs. */
  readonly hollow: Uint8Array;
  /** 1 for chosen networks. */
  readonly chosen: Uint8Array;
}

/** Of the theme, `#rrggbb`: rings of chosen networks, and the ground. */
export interface Inks {
  readonly ink: string;
  readonly paper: string;
}

/** Draws networks on a canvas. */
export interface PointsLayer {
  draw(data: PointsData, frame: Frame, inks: Inks): void;
  dispose(): void;
}

/** So many are drawn on a 2-D canvas without a pause; for more, WebGL. */
export const MOST_ON_CANVAS = 3000;

export const isShown = (show: State['view']['show'], heldOut: boolean): boolean => show === 'all' || (show === 'heldOut') === heldOut;

export function pointsData(state: State): PointsData | undefined {
  const { opened, view } = state;
  const positions = pointsOf(state);
  if (opened === undefined || positions === undefined) return undefined;
  const { networks } = opened.manifest;
  const coloring = coloringOf(opened, view.colorBy);
  const colors = new Uint8Array(4 * networks.length);
  const hollow = new Uint8Array(networks.length);
  const chosen = new Uint8Array(networks.length);
  networks.forEach((network, row) => {
    colors.set(coloring.color(network), 4 * row);
    colors[4 * row + 3] = isShown(view.show, network.heldOut) ? 255 : 0;
    hollow[row] = network.heldOut ? 1 : 0;
  });
  const rows = rowsOf(state);
  for (const name of view.selection) {
    const row = rows.get(name);
    if (row !== undefined) chosen[row] = 1;
  }
  return { positions, colors, hollow, chosen };
}

/** Radius of a network in pixels. */
export const radiusOf = (count: number, zoom: number): number =>
  Math.min(8, (count <= 100 ? 6.5 : count <= 1000 ? 5 : count <= 10_000 ? 3 : 2) * Math.max(1, Math.sqrt(zoom) * 0.9));
