import { createProgramInfo, type ProgramInfo } from 'twgl.js';

/** twgl's types name the first WebGL; all that is called here takes the second one too. */
export type Gl = WebGL2RenderingContext & WebGLRenderingContext;

/**
 * A canvas's WebGL 2.
 *
 * @throws if this browser gives none
 */
export function webglOf(canvas: HTMLCanvasElement, attributes: WebGLContextAttributes): Gl {
  const gl = canvas.getContext('webgl2', attributes);
  if (gl === null) throw new Error('this browser gives no WebGL 2');
  return gl as Gl;
}

/**
 * A program of two shaders.
 *
 * @throws with what the browser says of them, unless its context is lost: a lost one takes everything and draws nothing
 */
export function programOf(gl: Gl, vertex: string, fragment: string): ProgramInfo {
  let problem = '';
  const program = createProgramInfo(gl, [vertex, fragment], (words) => (problem += words)) as ProgramInfo | null;
  if (program === null) throw new Error(gl.isContextLost() ? 'the graphics card gave up' : problem);
  return program;
}

/** `#rrggbb` as three numbers from 0 to 1. */
export function channels(hex: string): [number, number, number] {
  const number = Number.parseInt(hex.slice(1), 16);
  return [(number >> 16) / 255, ((number >> 8) & 255) / 255, (number & 255) / 255];
}
