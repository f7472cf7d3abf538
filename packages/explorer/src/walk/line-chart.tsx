import type { ComponentChildren } from 'preact';

export interface Series {
  readonly name: string;
  readonly kind: 'main' | 'other';
  readonly points: readonly (readonly [x: number, y: number])[];
}

interface LineChartProps {
  readonly label: string;
  readonly series: readonly Series[];
  readonly x: { readonly from: number; readonly to: number; readonly label: string; readonly said: (x: number) => string };
  /** Without it nothing is drawn over x but the children. */
  readonly y?: { readonly said: (y: number) => string; /** No value is larger. */ readonly most?: number };
  /** Where one stands. */
  readonly at?: number;
  readonly onPick?: (x: number) => void;
  readonly height?: number;
  readonly note?: string | undefined;
  readonly children?: ComponentChildren;
}

export const CHART = { width: 400, left: 46, right: 12, top: 10, bottom: 26 };

/** Lines over a number. With `onPick` a press on it chooses an x. */
export function LineChart({ label, series, x, y, at, onPick, height = 170, note, children }: LineChartProps) {
  const all = series.flatMap(({ points }) => points.map((point) => point[1])).filter(Number.isFinite);
  const ticks = y === undefined ? [] : ticksOf(all, y.most);
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const { width, left, right, top, bottom } = CHART;
  const px = (value: number): number => left + ((value - x.from) / (x.to - x.from || 1)) * (width - left - right);
  const py = (value: number): number => height - bottom - ((value - low) / (high - low || 1)) * (height - top - bottom);
  const pick = (event: PointerEvent): void => {
    if (onPick === undefined || event.buttons !== 1) return;
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const share = (((event.clientX - box.left) / box.width) * width - left) / (width - left - right);
    onPick(x.from + Math.min(1, Math.max(0, share)) * (x.to - x.from));
  };
  const saidY = y?.said ?? String;
  return (
    <figure class="chart">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${label}. ${series.map(({ name, points }) => said(name, points, saidY)).join(' ')}`}
        onPointerDown={(event) => {
          if (onPick !== undefined) event.currentTarget.setPointerCapture(event.pointerId);
          pick(event);
        }}
        onPointerMove={pick}
        class={onPick === undefined ? '' : 'pickable'}
      >
        {ticks.map((tick, i) => (
          <g key={i} class="tick">
            <line x1={left} x2={width - right} y1={py(tick)} y2={py(tick)} />
            <text x={left - 6} y={py(tick) + 4} text-anchor="end">
              {saidY(tick)}
            </text>
          </g>
        ))}
        <text class="end" x={left} y={height - 8}>
          {x.said(x.from)}
        </text>
        <text class="end" x={(left + width - right) / 2} y={height - 8} text-anchor="middle">
          {x.label}
        </text>
        <text class="end" x={width - right} y={height - 8} text-anchor="end">
          {x.said(x.to)}
        </text>
        {children}
        {series.map(({ name, kind, points }) => (
          <polyline
            key={name}
            class={`series ${kind}`}
            points={points.map(([px0, py0]) => `${px(px0).toFixed(1)},${py(py0).toFixed(1)}`).join(' ')}
          />
        ))}
        {at !== undefined && <line class="here" x1={px(at)} x2={px(at)} y1={top} y2={height - bottom} />}
        {at !== undefined && series[0] !== undefined && series[0].points.length > 1 && (
          <circle class="here" cx={px(at)} cy={py(valueAt(series[0].points, at))} r={4.5} />
        )}
      </svg>
      <figcaption>
        {note !== undefined && <span>{note}</span>}
        {series.map(({ name, kind }) => (
          <span key={name} class={`key ${kind}`}>
            {name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function said(name: string, points: Series['points'], value: (y: number) => string): string {
  const [first, last] = [points[0], points.at(-1)];
  return first === undefined || last === undefined ? `${name}: nothing yet.` : `${name}: from ${value(first[1])} to ${value(last[1])}.`;
}

function valueAt(points: Series['points'], x: number): number {
  const after = points.findIndex(([px]) => px >= x);
  if (after < 0) return points.at(-1)![1];
  if (after === 0) return points[0]![1];
  const [[ax, ay], [bx, by]] = [points[after - 1]!, points[after]!];
  return ay + ((x - ax) / (bx - ax || 1)) * (by - ay);
}

/** Round numbers that span the values, three to six of them. */
function ticksOf(values: readonly number[], most = Infinity): readonly number[] {
  const [low, high] = values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
  const span = Math.max(high - low, 0.04 * Math.max(1e-6, Math.abs(high)));
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough)!;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(Math.min(most, high) / step));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
