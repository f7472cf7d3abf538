import { meshFrame, renderMesh } from '@netspace/shapes';
import { html, type Html } from '../page/html.js';
import { encodeMesh } from './mesh-payload.js';
import { alternative, label, pictureMarkup } from './pictures-figure.js';
import type { MeshesFigure } from '../page/report-data.js';

const PIXELS = 360;

/** A row of shapes to one scale: pictures, which the viewer's script replaces by canvases that turn together. */
export function meshesFigure({ meshes }: MeshesFigure, { interactive }: { readonly interactive: boolean }): Html {
  const frame = meshFrame(meshes.map(({ mesh }) => mesh));
  return html`${interactive && html`<p class="hint">Drag a shape, or focus it and press the arrow keys: all of them turn.</p>`}
    <div class="shapes">
      ${meshes.map(({ mesh, title, note }) => {
        const { vertices, triangles, indexBytes } = encodeMesh(mesh, frame);
        const data = html` data-vertices="${vertices}" data-triangles="${triangles}" data-index-bytes="${indexBytes}"`;
        return html`<div class="picture">
          <div class="shape" ${interactive && data}>
            ${pictureMarkup(renderMesh(mesh, { width: PIXELS, height: PIXELS, frame }), alternative(title, note))}
          </div>
          ${label(title, note)}
        </div>`;
      })}
    </div>`;
}
