import { css, kindColor } from '../map/colors.js';
import { isDark, type State } from '../state/state.js';
import { architectureLabel, percent } from '../ui/words.js';
import type { Look } from '../worker/messages/protocol.js';

export const FILM = { width: 800, height: 450 };

/** What a picture of the walk shows. */
export interface Still {
  readonly state: State;
  readonly look: Look | undefined;
  /** Where on the walk. */
  readonly where: string;
  readonly shape: HTMLCanvasElement | undefined;
}

export function freshCanvas(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [FILM.width, FILM.height];
  return canvas;
}

/** Draws one picture of the walk. */
export function paint(canvas: HTMLCanvasElement, { state, look, where, shape }: Still): void {
  const context = canvas.getContext('2d')!;
  const dark = isDark(state);
  const [paper, ink, soft] = dark ? ['#15171a', '#f2f0ea', '#a7a49c'] : ['#fcfbf8', '#1d1c1a', '#625e56'];
  context.fillStyle = paper;
  context.fillRect(0, 0, FILM.width, FILM.height);
  const text = (words: string, x: number, y: number, size: number, color: string = ink, weight = 400): void => {
    context.fillStyle = color;
    context.font = `${weight} ${size}px system-ui, sans-serif`;
    context.fillText(words, x, y);
  };
  const architectures = state.opened?.architectures ?? [];
  text(state.opened?.manifest.title ?? '', 32, 46, 20, ink, 650);
  text(where, 32, 76, 17, soft);
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
