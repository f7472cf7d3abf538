import { describe, expect, it } from 'vitest';

import type { ExplorerManifest } from '../folder/manifest.js';
import { gammaNearest, weightsNearest } from '../walk/project.js';
import { towards } from '../walk/step.js';
import type { Opened } from '../worker/messages/protocol.js';
import { readNames, writeNames } from './address-names.js';
import { readAddress, writeAddress } from './address.js';
import { firstView } from './first-view.js';
import { placeOfWalk } from './places.js';
import { FIRST_VIEW, type View } from './state.js';
import { createStore } from './store.js';

const names = ['a', 'b ~ !', 'c&d=e', 'émile', '<img>'];
const book = { names, kept: [{ id: 'k', name: 'kept', kind: 'found', x: 1.5, y: -2 }], linked: [] } as const;

describe('the address', () => {
  it('holds the whole view, whatever networks are called', () => {
    const view: View = {
      tab: 'walk',
      cursor: { at: 'network', name: 'b ~ !' },
      center: [1.25, -3],
      zoom: 2.5,
      projection: 'umap',
      colorBy: 'x&y',
      shaded: true,
      show: 'heldOut',
      tool: 'lasso',
      selection: ['a', 'c&d=e', '<img>'],
      walk: { mode: 'path', stops: [{ at: 'network', name: 'émile' }, { at: 'plane', x: 1, y: 2 }, { at: 'network', name: 'b ~ !' }], gamma: 0.25, weights: [0.5, 0.25, 0.25] }, // prettier-ignore
      loop: false,
      seconds: 9,
      image: undefined,
      optimizer: { on: 'drawn', steps: 5, learningRate: 0.1, batch: 7, compareWeights: false },
      runtime: 'wasm',
      theme: 'dark',
    };
    expect(readAddress(writeAddress(view, FIRST_VIEW, book), FIRST_VIEW, book)).toEqual(view);
    expect(writeAddress(FIRST_VIEW, FIRST_VIEW, book)).toBe('');
  });
  it('writes where a kept place lies, where the address does not hold its embedding', () => {
    const text = writeAddress({ ...FIRST_VIEW, cursor: { at: 'kept', id: 'k' } }, FIRST_VIEW, book);
    expect(readAddress(text, FIRST_VIEW, book).cursor).toEqual({ at: 'plane', x: 1.5, y: -2 });
    const exact = writeAddress({ ...FIRST_VIEW, cursor: { at: 'kept', id: 'k' } }, FIRST_VIEW, { ...book, linked: ['k'] });
    expect(exact).toBe('at=*0');
    expect(readAddress(exact, FIRST_VIEW, { ...book, linked: ['as it is called there'] }).cursor).toEqual({
      at: 'kept',
      id: 'as it is called there',
    });
    expect(readAddress(exact, FIRST_VIEW, { ...book, linked: [''] }).cursor).toEqual(FIRST_VIEW.cursor);
  });
  it('takes nonsense for the first view', () => {
    const text =
      'tab=evil&at==nobody&center=1,x&zoom=NaN&stops=1,2~&weights=9,9,9&gamma=-4&steps=1e9&runtime=quantum&select=5-1,x,-3&image=zz';
    expect(readAddress(text, FIRST_VIEW, book)).toEqual({
      ...FIRST_VIEW,
      walk: { ...FIRST_VIEW.walk, gamma: 0 },
      optimizer: { ...FIRST_VIEW.optimizer, steps: 500 },
    });
  });
  it('writes chosen rows as ranges or as bits, whichever is shorter', () => {
    const many = Array.from({ length: 600 }, (_, i) => `n${i}`);
    const [run, scattered] = [many.slice(10, 500), many.filter((_, i) => (i * i) % 7 < 3)];
    expect(writeNames(run, many)).toBe('10-499');
    expect(writeNames(scattered, many)).toMatch(/^\*.{100}$/);
    for (const chosen of [run, scattered, []]) expect(readNames(writeNames(chosen, many), many)).toEqual(chosen);
  });
});

describe('the store', () => {
  it('undoes a drag as one, and keeps the theme', () => {
    let now = 0;
    const store = createStore({}, () => now);
    store.change({ zoom: 2 });
    for (const x of [1, 2, 3]) {
      now += 100;
      store.change({ cursor: { at: 'plane', x, y: 0 } }, { gesture: 'keys' });
    }
    store.change({ theme: 'dark' }, { undo: false });
    for (const x of [7, 8]) {
      now += 60_000; // a slow machine
      store.change({ cursor: { at: 'plane', x, y: 0 } }, { drag: 'drag 2' });
    }
    store.undo();
    expect(store.get().view).toMatchObject({ cursor: { x: 3 } });
    store.undo();
    expect(store.get().view).toMatchObject({ zoom: 2, cursor: { x: 0 }, theme: 'dark' });
    store.undo();
    expect(store.get().view.zoom).toBe(1);
    store.redo();
    store.redo();
    expect(store.get().view).toMatchObject({ zoom: 2, cursor: { x: 3 } });
    store.change({ zoom: 4 });
    expect(store.get().future).toEqual([]);
  });
});

describe('a walk', () => {
  const stops = [0, 1, 2].map((x) => ({ at: 'plane' as const, x, y: 0 }));
  it('stands between two stops of a path', () => {
    expect(placeOfWalk({ mode: 'path', stops, gamma: 0.75, weights: [1, 0, 0] })).toEqual({
      at: 'mix',
      of: stops.slice(1),
      weights: [0.5, 0.5],
    });
    expect(placeOfWalk({ mode: 'line', stops: stops.slice(1, 2), gamma: 0, weights: [1, 0, 0] })).toBeUndefined();
  });
  it('comes nearest to a point of the map', () => {
    expect(gammaNearest([[0, 0], [1, 0], [1, 1]], [1.2, 0.5])).toBe(0.75); // prettier-ignore
    const corners = [[0, 0], [4, 0], [0, 4]] as const; // prettier-ignore
    expect(weightsNearest(corners, [1, 2])).toEqual([0.25, 0.25, 0.5]);
    expect(weightsNearest(corners, [2, -9])).toEqual([0.5, 0.5, 0]);
  });
  it('gives a corner weight from the others in proportion', () => {
    expect(towards([0.5, 0.25, 0.25], 0, 0.25)).toEqual([0.75, 0.125, 0.125]);
    expect(towards([1, 0, 0], 0, -0.5)).toEqual([0.5, 0.25, 0.25]);
  });
});

describe('the first view', () => {
  it('walks between networks of one architecture whose weights are here', () => {
    const network = (name: string, architecture: string, testAccuracy: number) => ({
      name,
      architecture,
      heldOut: false,
      metrics: { testAccuracy },
    });
    const networks = [network('best', 'x', 0.9), network('good', 'x', 0.8), network('poor', 'x', 0.2), network('other', 'y', 0.5)];
    const manifest: ExplorerManifest = {
      schemaVersion: 1,
      title: '',
      description: '',
      kind: 'classifier',
      space: 's',
      embeddings: 'e',
      networks,
    };
    const opened: Opened = {
      ...{
        manifest,
        embeddingSize: 4,
        prepShape: [1, 1],
        architectures: [],
        withWeights: ['good', 'poor', 'other'],
        runtime: 'cpu',
        trials: [],
      },
      ...{ points: new Float32Array(8), explained: [1, 0] },
    };
    const { cursor, colorBy, walk } = firstView(opened);
    expect(cursor).toEqual({ at: 'network', name: 'best' });
    expect(colorBy).toBe('testAccuracy');
    expect(walk.stops.map((stop) => (stop.at === 'network' ? stop.name : ''))).toEqual(['poor', 'good', 'other']);
    // Of networks that only have a loss, the best has the lowest; one without any is no best one.
    const losses = networks.map(({ metrics: { testAccuracy }, ...one }) => ({ ...one, metrics: { trainLoss: 1 - testAccuracy! } }));
    const unmeasured = { ...network('unmeasured', 'x', 0), metrics: {} };
    const lossy = { ...opened, manifest: { ...manifest, networks: [unmeasured, ...losses] } };
    expect(firstView(lossy).cursor).toEqual({ at: 'network', name: 'best' });
  });
});
