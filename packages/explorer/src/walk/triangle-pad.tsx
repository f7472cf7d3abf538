import type { Point } from '../state/places.js';
import { usePage, useSelect } from '../ui/page-context.js';
import { weightsNearest } from './project.js';
import { stepOnWalk } from './step.js';

const CORNERS: readonly [Point, Point, Point] = [
  [20, 172],
  [220, 172],
  [120, 14],
];
const ARROWS: Readonly<Record<string, Point>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** Where in the triangle of three networks one stands: barycentric weights, by mouse, touch or arrow keys. */
export function TrianglePad() {
  const { store } = usePage();
  const walk = useSelect(({ view }) => view.walk);
  const { weights } = walk;
  const at = [0, 1].map((axis) => CORNERS.reduce((sum, corner, i) => sum + weights[i]! * corner[axis]!, 0)) as [number, number];
  const pick = (event: PointerEvent): void => {
    if (event.buttons !== 1) return;
    if (store.get().playing) store.set({ playing: false });
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const point: Point = [((event.clientX - box.left) / box.width) * 240, ((event.clientY - box.top) / box.height) * 196];
    store.change({ walk: { ...walk, weights: weightsNearest(CORNERS, point) } }, { gesture: 'triangle' });
  };
  const said = weights.map((weight, i) => `${'ABC'[i]} ${Math.round(100 * weight)} %`).join(', ');
  return (
    <div class="triangle">
      <svg
        viewBox="0 0 240 196"
        role="slider"
        tabindex={0}
        aria-label="Weights of the three stops. Left is towards A, right towards B, up towards C."
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * weights[0])}
        aria-valuetext={said}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          store.set({ moving: true });
          pick(event);
        }}
        onPointerMove={pick}
        onPointerUp={() => store.set({ moving: false })}
        onPointerCancel={() => store.set({ moving: false })}
        onKeyDown={(event) => {
          const arrow = ARROWS[event.key];
          if (arrow === undefined) return;
          event.preventDefault();
          if (store.get().playing) store.set({ playing: false });
          store.change({ walk: stepOnWalk(walk, arrow, event.shiftKey ? 0.1 : 0.03) }, { gesture: 'triangle keys' });
        }}
      >
        <polygon points={CORNERS.map((corner) => corner.join(',')).join(' ')} />
        {CORNERS.map((corner, i) => (
          <line key={i} x1={at[0]} y1={at[1]} x2={corner[0]} y2={corner[1]} />
        ))}
        {CORNERS.map((corner, i) => (
          <g key={i} class="stop" transform={`translate(${corner.join(' ')})`}>
            <circle r={11} />
            <text y={4}>{'ABC'[i]}</text>
          </g>
        ))}
        <circle class="walker" cx={at[0]} cy={at[1]} r={8} />
      </svg>
      <ul>
        {weights.map((weight, i) => (
          <li key={i}>
            <b>{'ABC'[i]}</b> {Math.round(100 * weight)} %
          </li>
        ))}
      </ul>
    </div>
  );
}
