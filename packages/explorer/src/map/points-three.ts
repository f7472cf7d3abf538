import { BufferAttribute, BufferGeometry, Color, OrthographicCamera, Points, Scene, ShaderMaterial, Vector2, WebGLRenderer } from 'three';

import { type PointsData, type PointsLayer, radiusOf } from './points.js';

const VERTEX = `
attribute vec4 tint;
attribute vec2 mark;
uniform vec2 center;
uniform vec2 perPixel;
uniform float scale;
uniform float radius;
uniform float ratio;
varying vec4 vTint;
varying vec2 vMark;
void main() {
  vTint = tint;
  vMark = mark;
  vec2 at = (position.xy - center) * scale * perPixel;
  gl_Position = tint.a == 0.0 ? vec4(2.0, 2.0, 2.0, 1.0) : vec4(at, mark.y > 0.5 ? -0.5 : 0.0, 1.0);
  gl_PointSize = 2.0 * (radius + 5.0) * ratio;
}`;

const FRAGMENT = `
precision highp float;
uniform float radius;
uniform float ratio;
uniform vec3 ink;
uniform vec3 paper;
varying vec4 vTint;
varying vec2 vMark;
void main() {
  float r = length(gl_PointCoord - 0.5) * 2.0 * (radius + 5.0);
  float soft = 0.75 / ratio;
  // A thin edge and a hollow middle in the color of the ground.
  float edge = min(1.2, radius * 0.35);
  float disc = 1.0 - smoothstep(radius + edge - soft, radius + edge + soft, r);
  float ground = max(smoothstep(radius - soft, radius + soft, r), vMark.x * (1.0 - smoothstep(radius * 0.5 - soft, radius * 0.5 + soft, r)));
  float ring = vMark.y * (smoothstep(radius + 2.0 - soft, radius + 2.0 + soft, r) - smoothstep(radius + 3.6 - soft, radius + 3.6 + soft, r));
  float alpha = max(disc, ring);
  if (alpha < 0.02) discard;
  gl_FragColor = vec4(mix(mix(vTint.rgb, paper, ground), ink, ring), alpha);
}`;

/**
 * Draws up to 100,000 networks by one shader.
 *
 * @param onLost is called when the graphics card gave up: the caller draws without it
 * @returns undefined where there is no WebGL
 */
export function createThreePoints(canvas: HTMLCanvasElement, zoom: () => number, onLost: () => void): PointsLayer | undefined {
  let renderer: WebGLRenderer;
  try {
    renderer = new WebGLRenderer({ canvas, alpha: true, antialias: false, premultipliedAlpha: false });
  } catch {
    return undefined;
  }
  canvas.addEventListener('webglcontextlost', onLost, { once: true });
  const camera = new OrthographicCamera();
  const uniforms = {
    center: { value: new Vector2() },
    perPixel: { value: new Vector2() },
    scale: { value: 1 },
    radius: { value: 4 },
    ratio: { value: 1 },
    ink: { value: new Color() },
    paper: { value: new Color() },
  };
  const material = new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    uniforms,
    transparent: true,
    depthTest: false,
    depthWrite: false,
  });
  const points = new Points(new BufferGeometry(), material);
  points.frustumCulled = false;
  const scene = new Scene().add(points);
  let shown: PointsData | undefined;
  return {
    draw(data, frame, { ink, paper }) {
      const ratio = globalThis.devicePixelRatio;
      renderer.setPixelRatio(ratio);
      renderer.setSize(frame.width, frame.height, false);
      if (data !== shown) {
        fill(points.geometry, data, shown);
        shown = data;
      }
      uniforms.center.value.set(frame.center[0], frame.center[1]);
      uniforms.perPixel.value.set(2 / frame.width, 2 / frame.height);
      uniforms.scale.value = frame.scale;
      uniforms.radius.value = radiusOf(data.hollow.length, zoom());
      uniforms.ratio.value = ratio;
      // As it is written, without the change of color space that three makes for lights.
      uniforms.ink.value.setRGB(...channels(ink));
      uniforms.paper.value.setRGB(...channels(paper));
      renderer.render(scene, camera);
    },
    dispose() {
      canvas.removeEventListener('webglcontextlost', onLost);
      points.geometry.dispose();
      material.dispose();
      renderer.dispose();
    },
  };
}

function fill(geometry: BufferGeometry, data: PointsData, before: PointsData | undefined): void {
  const count = data.hollow.length;
  if (data.positions !== before?.positions) {
    const positions = new Float32Array(3 * count);
    for (let row = 0; row < count; row++) positions.set([data.positions[2 * row]!, data.positions[2 * row + 1]!], 3 * row);
    geometry.setAttribute('position', new BufferAttribute(positions, 3));
  }
  const marks = new Uint8Array(2 * count);
  for (let row = 0; row < count; row++) marks.set([data.hollow[row]!, data.chosen[row]!], 2 * row);
  geometry.setAttribute('tint', new BufferAttribute(data.colors, 4, true));
  geometry.setAttribute('mark', new BufferAttribute(marks, 2));
}

/** `#rrggbb` as three numbers from 0 to 1. */
const channels = (hex: string): [number, number, number] => {
  const number = Number.parseInt(hex.slice(1), 16);
  return [(number >> 16) / 255, ((number >> 8) & 255) / 255, (number & 255) / 255];
};
