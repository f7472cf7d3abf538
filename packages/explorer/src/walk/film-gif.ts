import { applyPalette, GIFEncoder, quantize } from 'gifenc';

import type { FilmWriter } from './film-webm.js';

/** Smaller than the film's pictures: a GIF keeps each of them nearly whole. */
const SCALE = 0.75;
const FRAMES_A_SECOND = 10;
const COLORS = 128;

/** Writes a canvas's pictures as a GIF that runs for ever. */
export function gifWriter(canvas: HTMLCanvasElement): FilmWriter {
  const [width, height] = [Math.round(canvas.width * SCALE), Math.round(canvas.height * SCALE)];
  const small = document.createElement('canvas');
  [small.width, small.height] = [width, height];
  const context = small.getContext('2d', { willReadFrequently: true })!;
  const gif = GIFEncoder();
  return {
    framesASecond: FRAMES_A_SECOND,
    async add() {
      context.drawImage(canvas, 0, 0, width, height);
      const { data } = context.getImageData(0, 0, width, height);
      const palette = quantize(data, COLORS);
      gif.writeFrame(applyPalette(data, palette), width, height, { palette, delay: 1000 / FRAMES_A_SECOND });
      await new Promise((resolve) => setTimeout(resolve)); // the page goes on between two pictures
    },
    end() {
      gif.finish();
      return Promise.resolve({ name: 'walk.gif', blob: new Blob([gif.bytes().slice()], { type: 'image/gif' }) });
    },
    cancel: () => undefined,
  };
}
