import { toScreen } from '../frame.js';
import { type PointsLayer, radiusOf } from './points.js';

/** Draws networks without WebGL: fluid for a few thousand, usable for 100,000. */
export function createCanvasPoints(canvas: HTMLCanvasElement, zoom: () => number): PointsLayer {
  return {
    draw({ positions, colors, hollow, chosen }, frame, { ink, paper }) {
      const ratio = globalThis.devicePixelRatio;
      const [width, height] = [Math.round(frame.width * ratio), Math.round(frame.height * ratio)];
      if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
      const context = canvas.getContext('2d');
      if (context === null) return;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, frame.width, frame.height);
      const count = hollow.length;
      const radius = radiusOf(count, zoom());
      for (let row = 0; row < count; row++) {
        if (colors[4 * row + 3] === 0) continue;
        const [x, y] = toScreen(frame, [positions[2 * row]!, positions[2 * row + 1]!]);
        if (x < -9 || y < -9 || x > frame.width + 9 || y > frame.height + 9) continue;
        const color = `rgb(${colors[4 * row]} ${colors[4 * row + 1]} ${colors[4 * row + 2]})`;
        if (count > 20_000 && chosen[row] === 0) {
          context.fillStyle = color;
          context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
          continue;
        }
        // A thin edge in the color of the ground, so that those that overlap, or lie on a shade of their color, are told apart.
        context.beginPath();
        context.arc(x, y, radius + 1.2, 0, 2 * Math.PI);
        context.fillStyle = paper;
        context.fill();
        context.beginPath();
        context.arc(x, y, hollow[row] === 1 ? radius - 0.75 : radius, 0, 2 * Math.PI);
        if (hollow[row] === 1) {
          context.strokeStyle = color;
          context.lineWidth = Math.min(2.5, radius / 1.6);
          context.stroke();
        } else {
          context.fillStyle = color;
          context.fill();
        }
        if (chosen[row] === 1) {
          context.beginPath();
          context.arc(x, y, radius + 3, 0, 2 * Math.PI);
          context.strokeStyle = ink;
          context.lineWidth = 1.5;
          context.stroke();
        }
      }
    },
    dispose: () => canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height),
  };
}
