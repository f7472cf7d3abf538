import { kindColor, css } from '../map/colors.js';
import { type Page, report } from '../live/page.js';
import { saveFile } from '../live/save-file.js';
import { placeOfWalk } from '../state/places.js';
import { isDark, type State } from '../state/state.js';
import { architectureLabel, percent } from '../ui/words.js';
import type { Look, ShapeMesh } from '../worker/protocol.js';

const SIZE = { width: 800, height: 450 };
const FRAMES_A_SECOND = 20;
/** Images that a network of the film is run on. */
const IMAGES = 256;

interface Still {
  readonly state: State;
  readonly look: Look | undefined;
  readonly gamma: number | undefined;
  readonly shape: HTMLCanvasElement | undefined;
}

/** Saves what the walk shows now. */
export async function savePicture({ store }: Page): Promise<void> {
  const state = store.get();
  const canvas = freshCanvas();
  const shape = state.shape && (await shapeStudio());
  shape?.show(state.shape!, isDark(state));
  paint(canvas, {
    state,
    look: state.look,
    gamma: state.view.walk.mode === 'triangle' ? undefined : state.view.walk.gamma,
    shape: shape?.canvas,
  });
  canvas.toBlob((blob) => blob && saveFile('walk.png', blob, 'image/png'), 'image/png');
  shape?.dispose();
}

/** Films the walk from end to end, each frame computed in full, however long that takes: time in the film is the walk's. */
export async function recordFilm({ store, engine }: Page): Promise<void> {
  if (typeof MediaRecorder === 'undefined') {
    store.set({
      notice: {
        kind: 'error',
        text: 'This browser records no films. Save pictures (PNG) or the numbers (CSV), or use a current Chrome, Edge or Firefox.',
      },
    });
    return;
  }
  const first = store.get();
  const canvas = freshCanvas();
  const stream = canvas.captureStream(0);
  const track = stream.getVideoTracks()[0] as CanvasCaptureMediaStreamTrack;
  const type = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm', 'video/mp4'].find((one) =>
    MediaRecorder.isTypeSupported(one),
  );
  const recorder = new MediaRecorder(stream, { ...(type !== undefined && { mimeType: type }), videoBitsPerSecond: 4_000_000 });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const ended = new Promise<void>((resolve) => (recorder.onstop = () => resolve()));
  const isShape = first.opened?.manifest.kind === 'sdf';
  const studio = isShape ? await shapeStudio().catch(() => undefined) : undefined;
  const count = Math.max(2, Math.round(first.view.seconds * FRAMES_A_SECOND));
  try {
    recorder.start();
    recorder.pause();
    for (let i = 0; i < count; i++) {
      const gamma = i / (count - 1);
      const state = { ...store.get(), view: { ...first.view, walk: { ...first.view.walk, gamma } } };
      const place = placeOfWalk(state.view.walk)!;
      const prep = { width: 192, height: 192 };
      const look = await engine.call('look', { place, prep, ...(state.opened?.sample && { images: IMAGES }) }, { lane: 'film' });
      if (studio) studio.show(await engine.call('shape', { place, cells: 32 }, { lane: 'film shape' }), isDark(state));
      paint(canvas, { state, look, gamma, shape: studio?.canvas });
      recorder.resume();
      track.requestFrame();
      await new Promise((resolve) => setTimeout(resolve, 1000 / FRAMES_A_SECOND));
      recorder.pause();
      store.set({ recording: gamma });
    }
    recorder.stop();
    await ended;
    const name = type?.includes('mp4') === true ? 'walk.mp4' : 'walk.webm';
    saveFile(name, new Blob(parts, { type: recorder.mimeType }), recorder.mimeType);
    store.set({ notice: { kind: 'done', text: `Saved ${name}: ${count} frames` } });
  } catch (error) {
    report(store, error);
  } finally {
    if (recorder.state !== 'inactive') recorder.stop();
    studio?.dispose();
    store.set({ recording: undefined });
  }
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

function freshCanvas(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [SIZE.width, SIZE.height];
  return canvas;
}

function paint(canvas: HTMLCanvasElement, { state, look, gamma, shape }: Still): void {
  const context = canvas.getContext('2d')!;
  const dark = isDark(state);
  const [paper, ink, soft] = dark ? ['#15171a', '#f2f0ea', '#a7a49c'] : ['#fcfbf8', '#1d1c1a', '#625e56'];
  context.fillStyle = paper;
  context.fillRect(0, 0, SIZE.width, SIZE.height);
  const text = (words: string, x: number, y: number, size: number, color: string = ink, weight = 400): void => {
    context.fillStyle = color;
    context.font = `${weight} ${size}px system-ui, sans-serif`;
    context.fillText(words, x, y);
  };
  const architectures = state.opened?.architectures ?? [];
  text(state.opened?.manifest.title ?? '', 32, 46, 20, ink, 650);
  text(gamma === undefined ? 'triangle' : `γ = ${gamma.toFixed(2)}`, 32, 76, 17, soft);
  if (shape) context.drawImage(shape, 360, 30, 420, 390);
  if (look?.prep) {
    const picture = document.createElement('canvas');
    [picture.width, picture.height] = [look.prep.width, look.prep.height];
    picture.getContext('2d')!.putImageData(new ImageData(look.prep.data, look.prep.width, look.prep.height), 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, 32, 96, 300, 300);
  }
  text('PRep', 32, 420, 14, soft);
  if (!look || shape) return;
  if (look.accuracy !== undefined) {
    text('accuracy', 372, 120, 15, soft);
    text(percent(look.accuracy), 370, 172, 48, ink, 650);
  }
  look.classIdProbabilities.forEach((probability, i) => {
    const y = 212 + 30 * i;
    context.fillStyle = css(kindColor(i));
    context.fillRect(372, y, 396 * probability, 8);
    text(`${architectureLabel(architectures[i]?.name ?? '')} ${percent(probability)}`, 372, y - 4, 13, soft);
  });
}
