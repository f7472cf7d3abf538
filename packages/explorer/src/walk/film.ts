import { type Page, report } from '../live/page.js';
import { saveFile } from '../live/files/save-file.js';
import { isDark } from '../state/state.js';
import type { ShapeMesh } from '../worker/messages/protocol.js';
import { freshCanvas, paint } from './film-paint.js';
import { filmStops, whereOnWalk } from './film-places.js';
import { type FilmWriter, videoWriter } from './film-webm.js';

export type FilmFormat = 'video' | 'gif';

/** Images that a network of the film is run on. */
const IMAGES = 256;
const PREP = { width: 192, height: 192 };
const ABORTS = new WeakMap<object, AbortController>();

/** Saves what the walk shows now. */
export async function savePicture({ store }: Page): Promise<void> {
  const state = store.get();
  const canvas = freshCanvas();
  const shape = state.shape && (await shapeStudio().catch(() => undefined));
  shape?.show(state.shape!, isDark(state));
  paint(canvas, { state, look: state.look, where: whereOnWalk(state.view.walk), shape: shape?.canvas });
  canvas.toBlob((blob) => blob && saveFile('walk.png', blob, 'image/png'), 'image/png');
  shape?.dispose();
}

/** Films the walk from end to end, each picture computed in full, however long that takes. */
export async function recordFilm({ store, engine }: Page, format: FilmFormat): Promise<void> {
  const first = store.get();
  const canvas = freshCanvas();
  const abort = new AbortController();
  ABORTS.set(store, abort);
  store.set({ recording: { format, done: 0 } });
  let writer: FilmWriter | undefined;
  let studio: Studio | undefined;
  try {
    writer = await writerOf(canvas, format);
    if (writer === undefined)
      throw new Error('This browser records no films. Save the walk as a GIF, as pictures (PNG) or as numbers (CSV).');
    if (first.opened?.manifest.kind === 'sdf') studio = await shapeStudio().catch(() => undefined);
    const stops = filmStops(first.view.walk, Math.max(2, Math.round(first.view.seconds * writer.framesASecond)));
    for (const [i, { walk, place, where }] of stops.entries()) {
      const state = { ...first, view: { ...first.view, walk } };
      const look = await engine.call('look', { place, prep: PREP, ...(state.opened?.sample && { images: IMAGES }) }, { lane: 'film' });
      if (studio) studio.show(await engine.call('shape', { place, cells: 32 }, { lane: 'film shape' }), isDark(state));
      if (abort.signal.aborted || store.get().opened !== first.opened) return;
      paint(canvas, { state, look, where, shape: studio?.canvas });
      await writer.add();
      store.set({ recording: { format, done: (i + 1) / stops.length } });
    }
    const { name, blob } = await writer.end();
    saveFile(name, blob, blob.type);
    store.set({ notice: { kind: 'done', text: `Saved ${name}: ${stops.length} pictures` } });
  } catch (error) {
    report(store, error);
  } finally {
    writer?.cancel();
    studio?.dispose();
    store.set({ recording: undefined });
  }
}

/** Ends the film that is being made; nothing is saved. */
export const stopFilming = ({ store }: Page): void => ABORTS.get(store)?.abort();

async function writerOf(canvas: HTMLCanvasElement, format: FilmFormat): Promise<FilmWriter | undefined> {
  if (format === 'video') return videoWriter(canvas);
  return (await import('./film-gif.js')).gifWriter(canvas);
}

interface Studio {
  readonly canvas: HTMLCanvasElement;
  show(mesh: ShapeMesh, dark: boolean): void;
  dispose(): void;
}

async function shapeStudio(): Promise<Studio> {
  const { createShapeRenderer } = await import('../look/shape-renderer.js');
  const host = document.createElement('div');
  host.style.cssText = 'position:fixed;left:-2000px;width:420px;height:390px';
  document.body.append(host);
  const renderer = createShapeRenderer(host, () => undefined);
  return {
    canvas: renderer.canvas,
    show: (mesh, dark) => renderer.show(mesh, dark),
    dispose() {
      renderer.dispose();
      host.remove();
    },
  };
}
