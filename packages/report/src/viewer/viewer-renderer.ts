import {
  AmbientLight,
  BufferAttribute,
  BufferGeometry,
  Color,
  DirectionalLight,
  DoubleSide,
  Mesh,
  MeshLambertMaterial,
  OrthographicCamera,
  Scene,
  WebGLRenderer,
  type WebGLRendererParameters,
} from 'three';

import { cornerNormals } from '@netspace/shapes/internal';
import { decodeMesh, type MeshPayload } from '../figures/mesh-payload.js';

/** Draws any number of shapes with one WebGL context: browsers allow only about 16 of them. */
export interface ShapeRenderer {
  load(payload: MeshPayload): Mesh;
  /** Draws a shape as the camera sees it into a canvas of its own. */
  draw(shape: Mesh, camera: OrthographicCamera, canvas: HTMLCanvasElement): void;
}

/** Undefined if the browser has no WebGL. */
export function createShapeRenderer(): ShapeRenderer | undefined {
  const renderer = tryWebGl({ antialias: true, alpha: true });
  if (renderer === undefined) return undefined;
  const scene = new Scene();
  const material = new MeshLambertMaterial({ color: new Color('rgb(126, 164, 214)'), side: DoubleSide });
  return {
    load(payload) {
      const { positions, indices } = decodeMesh(payload);
      const corners = new Float32Array(indices.length * 3);
      indices.forEach((vertex, corner) => corners.set(positions.subarray(vertex * 3, vertex * 3 + 3), corner * 3));
      const geometry = new BufferGeometry();
      geometry.setAttribute('position', new BufferAttribute(corners, 3));
      geometry.setAttribute('normal', new BufferAttribute(cornerNormals({ positions, indices }), 3));
      return new Mesh(geometry, material);
    },
    draw(shape, camera, canvas) {
      const context = canvas.getContext('2d');
      if (context === null) return;
      renderer.setSize(canvas.width, canvas.height, false);
      scene.clear();
      scene.add(shape, camera); // the lights hang on the camera
      renderer.render(scene, camera);
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.drawImage(renderer.domElement, 0, 0);
    },
  };
}

/** A camera with the lights of the still pictures: a key over the left shoulder, a faint one from below right. */
export function shapeCamera(position: readonly [x: number, y: number, z: number]): OrthographicCamera {
  const camera = new OrthographicCamera(-1.04, 1.04, 1.04, -1.04, 0.1, 10);
  camera.position.set(...position);
  camera.lookAt(0, 0, 0);
  const key = new DirectionalLight(0xffffff, 2.4);
  key.position.set(-0.42, 0.6, 0.68);
  const fill = new DirectionalLight(0xffffff, 0.35);
  fill.position.set(0.7, -0.5, 0.5);
  camera.add(new AmbientLight(0xffffff, 0.75), key, fill, key.target, fill.target);
  return camera;
}

function tryWebGl(parameters: WebGLRendererParameters): WebGLRenderer | undefined {
  try {
    return new WebGLRenderer(parameters);
  } catch {
    return undefined;
  }
}
