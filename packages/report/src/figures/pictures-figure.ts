import { encodePng } from './encode-png.js';
import type { Picture } from '@netspace/shapes';
import { toBase64 } from './base64.js';
import { html, type Html } from '../page/html.js';
import type { PicturesFigure } from '../page/report-data.js';

export function picturesFigure({ pictures, layout = 'grid', pixelated = false }: PicturesFigure): Html {
  return html`<div class="pictures ${layout}${pixelated ? ' pixelated' : ''}" ${layout === 'strip' && html` tabindex="0"`}>
    ${pictures.map(({ picture, title, note }) => html`<div class="picture">${pictureMarkup(picture, alternative(title, note))}${label(title, note)}</div>`)}
  </div>`;
}

/** The text alternative of a picture. The title alone would be the same for a target and for its predicted network. */
export const alternative = (title: string, note: string | undefined): string => (note === undefined ? title : `${title}, ${note}`);

export const pictureMarkup = (picture: Picture, text: string): Html =>
  html`<img src="${pngUri(picture)}" width="${picture.width}" height="${picture.height}" alt="${text}" />`;

export const label = (title: string, note: string | undefined): Html =>
  html`<div class="label"><b>${title}</b>${note !== undefined && html`<span>${note}</span>`}</div>`;

const pngUri = (picture: Picture): string => `data:image/png;base64,${toBase64(encodePng(picture))}`;
