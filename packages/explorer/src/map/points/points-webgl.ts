import { type BufferInfo, createBufferInfoFromArrays, drawBufferInfo, setBuffersAndAttributes, setUniforms } from 'twgl.js';

import { channels, type Gl, programOf, webglOf } from '../../webgl/program.js';
import { type PointsData, type PointsLayer, radiusOf } from './points.js';

const VERTEX = `#version 300 es
in vec2 position;
in vec4 tint;
in vec2 mark;
uniform vec2 center;
uniform vec2 perPixel;
uniform float scale;
uniform float radius;
uniform float ratio;
out vec4 vTint;
out vec2 vMark;
out float vReach;
void main() {
  vTint = tint;
  vMark = mark;
  // No wider than what is drawn: most of the time goes into these squares.
  vReach = radius + (mark.y > 0.0 ? 5.0 : 2.0);
  vec2 at = (position - center) * scale * perPixel;
  gl_Position = tint.a == 0.0 ? vec4(2.0, 2.0, 2.0, 1.0) : vec4(at, 0.0, 1.0);
  gl_PointSize = 2.0 * vReach * ratio;
}`;

const FRAGMENT = `#version 300 es
precision highp float;
uniform float radius;
uniform float ratio;
uniform vec3 ink;
uniform vec3 paper;
in vec4 vTint;
in vec2 vMark;
in float vReach;
out vec4 color;
void main() {
  float r = length(gl_PointCoord - 0.5) * 2.0 * vReach;
  float soft = 0.75 / ratio;
  // A thin edge and a hollow middle in the color of the ground.
  float edge = min(1.2, radius * 0.35);
  float disc = 1.0 - smoothstep(radius + edge - soft, radius + edge + soft, r);
  float ground = max(smoothstep(radius - soft, radius + soft, r), vMark.x * (1.0 - smoothstep(radius * 0.5 - soft, radius * 0.5 + soft, r)));
  float ring = vMark.y * (smoothstep(radius + 2.0 - soft, radius + 2.0 + soft, r) - smoothstep(radius + 3.6 - soft, radius + 3.6 + soft, r));
  float alpha = max(disc, ring);
  if (alpha < 0.02) discard;
  color = vec4(mix(mix(vTint.rgb, paper, ground), ink, ring), alpha);
}`;

/**
 * Draws up to 100,000 networks by one shader.
 *
 * @param onLost is called when the graphics card gave up: the caller draws without it
 * @returns undefined where there is no WebGL
 */
export function createWebglPoints(canvas: HTMLCanvasElement, zoom: () => number, onLost: () => void): PointsLayer | undefined {
  let gl: Gl;
  let program: ReturnType<typeof programOf>;
  try {
    gl = webglOf(canvas, { alpha: true, antialias: false, premultipliedAlpha: false });
    program = programOf(gl, VERTEX, FRAGMENT);
  } catch {
    return undefined;
  }
  canvas.addEventListener('webglcontextlost', onLost, { once: true });
  let shown: PointsData | undefined;
  let buffers: BufferInfo | undefined;
  return {
    draw(data, frame, { ink, paper }) {
      const ratio = globalThis.devicePixelRatio;
      const [width, height] = [Math.round(frame.width * ratio), Math.round(frame.height * ratio)];
      if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
      if (data !== shown) {
        freeBuffers(gl, buffers);
        buffers = createBufferInfoFromArrays(gl, arraysOf(data));
        shown = data;
      }
      gl.viewport(0, 0, width, height);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      if (buffers === undefined || data.hollow.length === 0) return;
      gl.enable(gl.BLEND);
      gl.blendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      gl.useProgram(program.program);
      setBuffersAndAttributes(gl, program, buffers);
      setUniforms(program, {
        ...{ center: [...frame.center], perPixel: [2 / frame.width, 2 / frame.height], scale: frame.scale, ratio },
        ...{ radius: radiusOf(data.hollow.length, zoom()), ink: channels(ink), paper: channels(paper) },
      });
      drawBufferInfo(gl, buffers, gl.POINTS);
    },
    dispose() {
      canvas.removeEventListener('webglcontextlost', onLost);
      freeBuffers(gl, buffers);
      gl.deleteProgram(program.program);
      gl.getExtension('WEBGL_lose_context')?.loseContext(); // browsers keep few contexts, and these for long
    },
  };
}

function arraysOf({ positions, colors, hollow, chosen }: PointsData) {
  const count = hollow.length;
  // Chosen networks lie above the others: they come last.
  const rows = Array.from({ length: count }, (_, row) => row);
  const order = chosen.includes(1) ? [...rows.filter((row) => chosen[row] === 0), ...rows.filter((row) => chosen[row] === 1)] : rows;
  const [places, tints, marks] = [new Float32Array(2 * count), new Uint8Array(4 * count), new Uint8Array(2 * count)];
  order.forEach((row, i) => {
    places.set([positions[2 * row]!, positions[2 * row + 1]!], 2 * i);
    tints.set(colors.subarray(4 * row, 4 * row + 4), 4 * i);
    marks.set([hollow[row]!, chosen[row]!], 2 * i);
  });
  return {
    position: { numComponents: 2, data: places },
    tint: { numComponents: 4, data: tints, normalize: true },
    mark: { numComponents: 2, data: marks, normalize: false },
  };
}

function freeBuffers(gl: Gl, buffers: BufferInfo | undefined): void {
  for (const { buffer } of Object.values(buffers?.attribs ?? {})) gl.deleteBuffer(buffer);
}
