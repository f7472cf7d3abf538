import type { Mesh } from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';

import { cameraAxes } from '@netspace/shapes/internal';
import { shapeCamera, type ShapeRenderer } from './viewer-renderer.js';

/** Replaces the pictures of a row by canvases whose shapes turn together, drawn when they come into view and when they turn. */
export function viewShapes(row: HTMLElement, renderer: ShapeRenderer): void {
  const [x, y, z] = cameraAxes().back;
  const camera = shapeCamera([x * 4, y * 4, z * 4]);
  const visible = new Map<HTMLElement, { readonly mesh: Mesh; readonly canvas: HTMLCanvasElement }>();
  const draw = (): void => visible.forEach(({ mesh, canvas }) => renderer.draw(mesh, camera, canvas));

  const controls = (canvas: HTMLCanvasElement): void => {
    const orbit = new OrbitControls(camera, canvas);
    orbit.enablePan = false;
    orbit.enableZoom = false; // the wheel scrolls the page
    orbit.addEventListener('change', draw);
    canvas.style.touchAction = 'pan-y'; // a finger that moves up or down scrolls; sideways it turns the shape
    canvas.addEventListener('keydown', ({ key }) => {
      const [left, up] = [
        Number(key === 'ArrowRight') - Number(key === 'ArrowLeft'),
        Number(key === 'ArrowDown') - Number(key === 'ArrowUp'),
      ];
      if (left === 0 && up === 0) return;
      orbit.rotateLeft(left * 0.15);
      orbit.rotateUp(up * 0.15);
    });
  };

  const load = (shape: HTMLElement): void => {
    const { vertices, triangles, indexBytes } = shape.dataset;
    if (vertices === undefined || triangles === undefined) return;
    const mesh = renderer.load({ vertices, triangles, indexBytes: indexBytes === '4' ? 4 : 2 });
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = Math.round(shape.clientWidth * Math.min(2, devicePixelRatio));
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `${shape.querySelector('img')?.alt ?? 'Shape'}, turns with the arrow keys`);
    visible.set(shape, { mesh, canvas });
    renderer.draw(mesh, camera, canvas);
    shape.querySelector('img')?.style.setProperty('display', 'none');
    shape.append(canvas);
    controls(canvas);
  };

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting || !(target instanceof HTMLElement)) continue;
        observer.unobserve(target);
        load(target);
      }
    },
    { rootMargin: '300px' }, // a little before they are seen
  );
  row.querySelectorAll<HTMLElement>('.shape[data-vertices]').forEach((shape) => observer.observe(shape));
}
