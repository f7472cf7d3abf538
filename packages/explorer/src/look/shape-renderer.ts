import {
  type BufferInfo,
  createBufferInfoFromArrays,
  drawBufferInfo,
  m4,
  type ProgramInfo,
  setBuffersAndAttributes,
  setUniforms,
} from 'twgl.js';

import { channels, type Gl, programOf, webglOf } from '../webgl/program.js';
import type { ShapeMesh } from '../worker/messages/protocol.js';

export interface ShapeRenderer {
  show(mesh: ShapeMesh | undefined, dark: boolean): void;
  /** By angles in radians. */
  turn(x: number, y: number): void;
  /** What it shows now, for a picture or a film. */
  readonly canvas: HTMLCanvasElement;
  dispose(): void;
}

/** What the graphics card did: it gave up, or is back with the shape drawn anew. */
export type OnContext = (is: 'lost' | 'back') => void;

/** A first view from the front, a little from above, in radians. */
const FIRST = { x: 0.35, y: -0.6 };
const COLORS = { light: '#5a68d8', dark: '#9aa6ee' };

const VERTEX = `#version 300 es
in vec3 position;
in vec3 normal;
uniform mat4 turn;
uniform mat4 view;
out vec3 vNormal;
out vec3 vPosition;
void main() {
  vNormal = mat3(turn) * normal;
  vec4 at = turn * vec4(position, 1.0);
  vPosition = at.xyz;
  gl_Position = view * at;
}`;

// Two lights and some light from everywhere, computed in linear color; a soft gloss.
const FRAGMENT = `#version 300 es
precision highp float;
in vec3 vNormal;
in vec3 vPosition;
uniform vec3 paint;
uniform vec3 eye;
out vec4 color;
vec3 lit(vec3 n, vec3 toEye, vec3 light, vec3 tint) {
  float gloss = 0.07 * pow(max(dot(n, normalize(light + toEye)), 0.0), 18.0);
  return tint * max(dot(n, light), 0.0) * (paint + gloss);
}
void main() {
  vec3 n = normalize(vNormal);
  vec3 toEye = normalize(eye - vPosition);
  if (dot(n, toEye) < 0.0) n = -n;
  vec3 linear = 0.22 * paint + lit(n, toEye, normalize(vec3(2.0, 3.0, 4.0)), vec3(0.83));
  linear += lit(n, toEye, normalize(vec3(-3.0, -1.0, 2.0)), vec3(0.1, 0.13, 0.28));
  color = vec4(mix(12.92 * linear, 1.055 * pow(linear, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, linear)), 1.0);
}`;

/**
 * Draws a surface on a canvas that fills the host.
 *
 * @param onContext a lost context comes back by itself where the browser gives it back
 * @throws if there is no WebGL
 */
export function createShapeRenderer(host: HTMLElement, onContext: OnContext): ShapeRenderer {
  const canvas = document.createElement('canvas');
  const gl = webglOf(canvas, { antialias: true, alpha: true, preserveDrawingBuffer: true });
  let program: ProgramInfo = programOf(gl, VERTEX, FRAGMENT);
  let buffers: BufferInfo | undefined;
  let shown: ShapeMesh | undefined;
  let paint: readonly number[] = [];
  const angles: { x: number; y: number } = { ...FIRST };
  canvas.style.display = 'block';
  host.append(canvas);

  const draw = (): void => {
    const [width, height] = [host.clientWidth, host.clientHeight];
    if (width === 0 || height === 0 || gl.isContextLost()) return;
    const ratio = Math.min(2, globalThis.devicePixelRatio);
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== across || canvas.height !== down) [canvas.width, canvas.height] = [across, down];
    [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
    gl.viewport(0, 0, across, down);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    if (buffers === undefined) return;
    gl.enable(gl.DEPTH_TEST);
    gl.useProgram(program.program);
    setBuffersAndAttributes(gl, program, buffers);
    const eye = [0, 0, 3.3];
    const view = m4.multiply(m4.perspective((32 * Math.PI) / 180, width / height, 0.1, 20), m4.translation(eye.map((one) => -one)));
    setUniforms(program, { turn: m4.rotateY(m4.rotationX(angles.x), angles.y), view, eye, paint });
    drawBufferInfo(gl, buffers);
  };
  const fill = (): void => {
    free(gl, buffers);
    buffers = shown === undefined || shown.indices.length === 0 ? undefined : createBufferInfoFromArrays(gl, arraysOf(shown));
  };
  const onLost = (event: Event): void => {
    event.preventDefault(); // or the browser never gives it back
    onContext('lost');
  };
  const onRestored = (): void => {
    program = programOf(gl, VERTEX, FRAGMENT);
    buffers = undefined;
    fill();
    draw();
    onContext('back');
  };
  canvas.addEventListener('webglcontextlost', onLost);
  canvas.addEventListener('webglcontextrestored', onRestored);
  const observer = new ResizeObserver(draw);
  observer.observe(host);
  return {
    canvas,
    show(next, dark) {
      paint = channels(dark ? COLORS.dark : COLORS.light).map(linear);
      if (next !== shown) {
        shown = next;
        if (!gl.isContextLost()) fill();
      }
      draw();
    },
    turn(x, y) {
      angles.y += x;
      angles.x = Math.min(1.5, Math.max(-1.5, angles.x + y));
      draw();
    },
    dispose() {
      observer.disconnect();
      canvas.removeEventListener('webglcontextlost', onLost);
      canvas.removeEventListener('webglcontextrestored', onRestored);
      free(gl, buffers);
      gl.deleteProgram(program.program);
      gl.getExtension('WEBGL_lose_context')?.loseContext(); // browsers keep few contexts, and these for long
      canvas.remove();
    },
  };
}

const arraysOf = ({ positions, normals, indices }: ShapeMesh) => ({
  position: { numComponents: 3, data: positions },
  normal: { numComponents: 3, data: normals },
  indices: { numComponents: 3, data: indices },
});

function free(gl: Gl, buffers: BufferInfo | undefined): void {
  for (const { buffer } of Object.values(buffers?.attribs ?? {})) gl.deleteBuffer(buffer);
  gl.deleteBuffer(buffers?.indices ?? null);
}

/** From sRGB to linear color. */
const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
