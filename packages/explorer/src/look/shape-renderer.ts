import {
  AmbientLight,
  BufferAttribute,
  BufferGeometry,
  DirectionalLight,
  Group,
  Mesh,
  MeshStandardMaterial,
  PerspectiveCamera,
  Scene,
  WebGLRenderer,
} from 'three';

import type { ShapeMesh } from '../worker/protocol.js';

export interface ShapeRenderer {
  show(mesh: ShapeMesh | undefined, dark: boolean): void;
  /** By angles in radians. */
  turn(x: number, y: number): void;
  /** What it shows now, for a picture or a film. */
  readonly canvas: HTMLCanvasElement;
  dispose(): void;
}

/** A first view from the front, a little from above. */
const FIRST = { x: 0.35, y: -0.6 };

/** @throws if there is no WebGL */
export function createShapeRenderer(host: HTMLElement, onLost: () => void): ShapeRenderer {
  const renderer = new WebGLRenderer({ antialias: true, alpha: true, preserveDrawingBuffer: true });
  const canvas = host.appendChild(renderer.domElement);
  canvas.addEventListener('webglcontextlost', onLost);
  const camera = new PerspectiveCamera(32, 1, 0.1, 20);
  camera.position.set(0, 0, 3.3);
  const material = new MeshStandardMaterial({ roughness: 0.62, metalness: 0.05 });
  const mesh = new Mesh(new BufferGeometry(), material);
  const turned = new Group().add(mesh);
  turned.rotation.set(FIRST.x, FIRST.y, 0);
  const [key, fill] = [new DirectionalLight(0xffffff, 2.6), new DirectionalLight(0x9fb4ff, 0.9)];
  key.position.set(2, 3, 4);
  fill.position.set(-3, -1, 2);
  const scene = new Scene().add(turned, key, fill, new AmbientLight(0xffffff, 0.7));
  const draw = (): void => {
    const [width, height] = [host.clientWidth, host.clientHeight];
    if (width === 0 || height === 0) return;
    renderer.setPixelRatio(Math.min(2, globalThis.devicePixelRatio));
    renderer.setSize(width, height);
    camera.aspect = width / height;
    camera.updateProjectionMatrix();
    renderer.render(scene, camera);
  };
  const observer = new ResizeObserver(draw);
  observer.observe(host);
  let shown: ShapeMesh | undefined;
  return {
    canvas,
    show(next, dark) {
      material.color.setHex(dark ? 0x9aa6ee : 0x5a68d8);
      if (next !== shown) {
        mesh.geometry.dispose();
        mesh.geometry = next === undefined ? new BufferGeometry() : geometryOf(next);
        shown = next;
      }
      draw();
    },
    turn(x, y) {
      turned.rotation.y += x;
      turned.rotation.x = Math.min(1.5, Math.max(-1.5, turned.rotation.x + y));
      draw();
    },
    dispose() {
      observer.disconnect();
      canvas.removeEventListener('webglcontextlost', onLost);
      mesh.geometry.dispose();
      material.dispose();
      renderer.dispose();
      renderer.forceContextLoss();
      canvas.remove();
    },
  };
}

function geometryOf({ positions, normals, indices }: ShapeMesh): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(positions, 3));
  geometry.setAttribute('normal', new BufferAttribute(normals, 3));
  geometry.setIndex(new BufferAttribute(indices, 1));
  return geometry;
}
