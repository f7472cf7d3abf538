import { metricNames } from '../../state/first-view.js';
import { pointsOf, rowsOf } from '../../state/places.js';
import { triangleGrid } from '../../walk/film-places.js';
import type { Place } from '../../worker/messages/protocol.js';
import { type Page, report } from '../page.js';
import { csv, saveFile } from './save-file.js';

/** The chosen networks with all that is known of them. */
export function exportList({ store }: Page): void {
  const state = store.get();
  const networks = state.opened!.manifest.networks;
  const points = pointsOf(state)!;
  const rows = rowsOf(state);
  const metrics = metricNames(networks);
  const head = ['name', 'architecture', 'heldOut', 'length', 'seed', ...metrics, 'x', 'y'];
  const body = state.view.selection.map((name) => {
    const row = rows.get(name)!;
    const { architecture, heldOut, length, seed, metrics: values } = networks[row]!;
    return [
      name,
      architecture,
      String(heldOut),
      length,
      seed,
      ...metrics.map((metric) => values[metric]),
      points[2 * row],
      points[2 * row + 1],
    ];
  });
  saveFile('networks.csv', csv([head, ...body]), 'text/csv');
}

/** The embeddings of the chosen networks. */
export async function exportEmbeddings({ store, engine }: Page): Promise<void> {
  const { selection } = store.get().view;
  try {
    const places = selection.map((name): Place => ({ at: 'network', name }));
    const embeddings = await engine.call('embeddings', { places });
    const head = ['name', ...Array.from({ length: embeddings[0]?.length ?? 0 }, (_, i) => `e${i}`)];
    saveFile('embeddings.csv', csv([head, ...embeddings.map((one, i) => [selection[i]!, ...one])]), 'text/csv');
  } catch (error) {
    report(store, error);
  }
}

/** Parts along each edge of a triangle, and images that each of its networks is run on. */
const TRIANGLE = { parts: 10, images: 256 };

/** What networks all over the triangle do: measured now, since the page shows only where one stands. */
export async function exportTriangle({ store, engine }: Page): Promise<void> {
  const { view, opened } = store.get();
  const grid = triangleGrid(TRIANGLE.parts);
  const of = view.walk.stops.slice(0, 3);
  store.set({ recording: { format: 'csv', done: 0 } });
  try {
    const places = grid.map((weights): Place => ({ at: 'mix', of, weights }));
    const onProgress = ({ done }: { readonly done: number }): void => store.set({ recording: { format: 'csv', done } });
    const measured = await engine.call('survey', { places, images: TRIANGLE.images }, { onProgress });
    if (store.get().opened !== opened) return;
    const head = ['A', 'B', 'C', 'architecture', 'accuracy', ...opened!.architectures.map(({ name }) => `P(${name})`)];
    const body = measured.map(({ classId, accuracy, classIdProbabilities }, i) => {
      return [...grid[i]!, opened!.architectures[classId]?.name ?? '', accuracy, ...classIdProbabilities];
    });
    saveFile('triangle.csv', csv([head, ...body]), 'text/csv');
    store.set({ notice: { kind: 'done', text: `Saved triangle.csv: ${grid.length} networks` } });
  } catch (error) {
    report(store, error);
  } finally {
    store.set({ recording: undefined });
  }
}

/** What was computed along the walk. */
export function exportCurve({ store }: Page): void {
  const { curve, opened } = store.get();
  if (curve === undefined || opened === undefined) return;
  const kinds = opened.architectures.map(({ name }) => `P(${name})`);
  const head = ['gamma', 'architecture', 'accuracy', 'accuracy of averaged weights', ...kinds];
  const body = curve.stops.map(({ gamma, classId, accuracy, averageAccuracy, classIdProbabilities }) => {
    return [gamma, opened.architectures[classId]?.name ?? '', accuracy, averageAccuracy, ...classIdProbabilities];
  });
  saveFile('walk.csv', csv([head, ...body]), 'text/csv');
}
