import type { Place } from '../worker/messages/protocol.js';
import type { State, Walk } from './state.js';

/** What tells two places apart. */
export const keyOf = (place: Place): string => JSON.stringify(place);

/** The stops that a walk of its kind uses, with their letters; of a path both ends. */
export function namedStops({ mode, stops }: Walk): readonly { readonly letter: string; readonly place: Place }[] {
  const used = mode === 'path' ? [stops[0], stops.at(-1)].slice(0, stops.length) : stops.slice(0, mode === 'line' ? 2 : 3);
  return used.flatMap((place, i) => (place === undefined ? [] : [{ letter: 'ABC'[i]!, place }]));
}

/** Where on a walk one stands. Undefined: it has too few stops. */
export function placeOfWalk({ mode, stops, gamma, weights }: Walk): Place | undefined {
  if (mode === 'triangle') return stops.length < 3 ? undefined : { at: 'mix', of: stops.slice(0, 3), weights };
  if (stops.length < 2) return undefined;
  if (mode === 'line') return { at: 'mix', of: stops.slice(0, 2), weights: [1 - gamma, gamma] };
  const along = gamma * (stops.length - 1);
  const from = Math.min(stops.length - 2, Math.floor(along));
  return { at: 'mix', of: [stops[from]!, stops[from + 1]!], weights: [1 - (along - from), along - from] };
}

/** The network that the page shows: where one stands on the walk, or under the cursor. */
export function shownPlace({ view }: State): Place {
  return (view.tab === 'walk' ? placeOfWalk(view.walk) : undefined) ?? view.cursor;
}

export type Point = readonly [x: number, y: number];

/** Positions of the networks as the map shows them now: `[x0, y0, …]`. */
export const pointsOf = (state: State): Float32Array | undefined =>
  state.view.projection === 'umap' ? (state.umap ?? state.opened?.points) : state.opened?.points;

/** Row of a network of the folder, by name. */
export function rowsOf(state: State): ReadonlyMap<string, number> {
  const networks = state.opened?.manifest.networks ?? [];
  const known = ROWS.get(networks);
  if (known !== undefined) return known;
  const rows = new Map(networks.map(({ name }, row) => [name, row]));
  ROWS.set(networks, rows);
  return rows;
}

/** Names of the networks, in order. */
export const namesOf = (state: State): readonly string[] => [...rowsOf(state).keys()];

const ROWS = new WeakMap<object, ReadonlyMap<string, number>>();

/** Where on the map a place lies. Undefined: nowhere, since UMAP has no place for what is not one of its networks. */
export function pointOf(place: Place, state: State): Point | undefined {
  const points = pointsOf(state);
  if (place.at === 'network') {
    const row = rowsOf(state).get(place.name);
    return row === undefined || points === undefined ? undefined : [points[2 * row]!, points[2 * row + 1]!];
  }
  if (place.at === 'mix') {
    const of = place.of.map((one) => pointOf(one, state));
    if (!of.every((one) => one !== undefined)) return undefined;
    const mean = (axis: 0 | 1): number => of.reduce((sum, one, i) => sum + place.weights[i]! * one[axis], 0);
    return [mean(0), mean(1)];
  }
  if (state.view.projection === 'umap' && state.umap !== undefined) return undefined;
  if (place.at === 'plane') return [place.x, place.y];
  const kept = state.kept.find(({ id }) => id === place.id);
  return kept && [kept.x, kept.y];
}

/** A place in words. */
export function nameOf(place: Place | undefined, state: State): string {
  if (place === undefined) return 'nothing yet';
  if (place.at === 'network') return place.name;
  if (place.at === 'plane') return `plane (${place.x.toFixed(2)}, ${place.y.toFixed(2)})`;
  if (place.at === 'kept') return state.kept.find(({ id }) => id === place.id)?.name ?? 'a place that was kept';
  return place.of.map((one, i) => `${Math.round(100 * place.weights[i]!)} % ${nameOf(one, state)}`).join(' + ');
}
