import { type Point, placeOfWalk, pointOf } from '../state/places.js';
import type { State } from '../state/state.js';
import { useSelect } from '../ui/page-context.js';
import type { Place } from '../worker/messages/protocol.js';
import { frameOf, toScreen } from './frame.js';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** What lies above the networks: the walk, the optimizer's path, the ring that is drawn, the cursor. */
export function Overlay() {
  const state = useSelect((all) => all);
  const { view, run, stroke, kept, refined } = state;
  const frame = frameOf(state);
  const screen = (point: Point | undefined): Point | undefined => point && toScreen(frame, point);
  const cursor = screen(pointOf(view.cursor, state));
  const isUmap = view.projection === 'umap' && state.umap !== undefined;
  const way = isUmap || run === undefined ? [] : [pointOf(run.from, state), ...run.steps.map(({ x, y }): Point => [x, y])].flatMap((one) => (one ? [toScreen(frame, one)] : [])); // prettier-ignore
  return (
    <svg class="overlay" width={frame.width} height={frame.height} aria-hidden="true">
      <Axes state={state} />
      {view.tab === 'walk' && <WalkLine state={state} />}
      {way.length > 0 && <polyline class="way" points={line(way)} />}
      {way.length > 0 && <circle class="way-end" cx={way.at(-1)![0]} cy={way.at(-1)![1]} r={5} />}
      {!isUmap &&
        kept.map(({ id, kind, x, y }) => {
          if (kind !== 'brought') return null;
          const [bx, by] = toScreen(frame, [x, y]);
          return <path key={id} class="brought" d={`M${bx - 7},${by + 5}L${bx},${by - 8}L${bx + 7},${by + 5}Z`} />;
        })}
      {!isUmap &&
        [...refined].map(([key, { x, y }]) => {
          const from = screen(pointOf(JSON.parse(key) as Place, state));
          const [rx, ry] = toScreen(frame, [x, y]);
          return (
            <g key={key} class="refined">
              {from && <line x1={from[0]} y1={from[1]} x2={rx} y2={ry} />}
              <path d={`M${rx},${ry - 8}L${rx + 7},${ry}L${rx},${ry + 8}L${rx - 7},${ry}Z`} />
            </g>
          );
        })}
      {stroke.length > 1 && <polyline class={`stroke ${view.tool}`} points={line(stroke.map((point) => toScreen(frame, point)))} />}
      {cursor !== undefined && view.tab !== 'walk' && (
        <g class="cursor" transform={`translate(${cursor[0]} ${cursor[1]})`}>
          <circle class="halo" r={13} />
          <circle class="ring" r={13} />
          <path d="M-20,0H-7M7,0H20M0,-20V-7M0,7V20" />
        </g>
      )}
    </svg>
  );
}

const line = (points: readonly Point[]): string => points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');

function WalkLine({ state }: { readonly state: State }) {
  const { walk } = state.view;
  const frame = frameOf(state);
  const most = { line: 2, triangle: 3, path: walk.stops.length }[walk.mode];
  const stops = walk.stops.slice(0, most).map((stop) => {
    const point = pointOf(stop, state);
    return point && toScreen(frame, point);
  });
  const known = stops.filter((one) => one !== undefined);
  const here = placeOfWalk(walk);
  const point = here && pointOf(here, state);
  const at = point && toScreen(frame, point);
  const drawn = line(walk.mode === 'triangle' && known.length === 3 ? [...known, known[0]!] : known);
  return (
    <g class="walk-line">
      <polyline class="casing" points={drawn} />
      <polyline class="thread" points={drawn} />
      {stops.map((stop, i) => {
        const isEnd = walk.mode !== 'path' || i === 0 || i === stops.length - 1;
        return (
          stop && (
            <g key={i} class="stop" transform={`translate(${stop[0]} ${stop[1]})`}>
              <circle r={isEnd ? 11 : 4} />
              {isEnd && <text y={4}>{LETTERS[walk.mode === 'path' && i > 0 ? 1 : i]}</text>}
            </g>
          )
        );
      })}
      {at && <circle class="walker" cx={at[0]} cy={at[1]} r={7} />}
    </g>
  );
}

function Axes({ state }: { readonly state: State }) {
  const { opened, view, mapSize } = state;
  const [width, height] = mapSize;
  if (opened === undefined) return null;
  const share = (value: number): string => `${Math.round(100 * value)} %`;
  const isUmap = view.projection === 'umap' && state.umap !== undefined;
  const [x, y] = isUmap ? ['UMAP 1', 'UMAP 2'] : [`PC 1 · ${share(opened.explained[0])}`, `PC 2 · ${share(opened.explained[1])}`];
  const [ox, oy] = toScreen(frameOf(state), [0, 0]);
  return (
    <g class="axes">
      {!isUmap && <path d={`M0,${Math.round(oy) + 0.5}H${width}M${Math.round(ox) + 0.5},0V${height}`} />}
      <text x={width - 62} y={Math.max(150, Math.min(height - 90, oy)) - 7} text-anchor="end">
        {x}
      </text>
      <text x={Math.max(12, Math.min(width - 100, ox)) + 6} y={height - (ox < 570 ? 98 : 14)}>
        {y}
      </text>
    </g>
  );
}
