import { css, kindColor } from '../map/colors.js';
import { usePage, useSelect } from '../ui/page-context.js';
import { architectureLabel } from '../ui/words.js';
import { CHART, LineChart } from './line-chart.js';

const HEIGHT = 178;
/** Where there is no accuracy to show. */
const BAND = 40;

/** Accuracy along the walk, beside networks of averaged weights; below it which architecture it is. Without a sample, only the latter. */
export function WalkCurve() {
  const { store } = usePage();
  const curve = useSelect((state) => state.curve);
  const gamma = useSelect(({ view }) => view.walk.gamma);
  const opened = useSelect((state) => state.opened)!;
  const stops = curve?.stops ?? [];
  const { width, left, right, bottom } = CHART;
  const height = opened.sample === undefined ? BAND + bottom : HEIGHT;
  const accuracies = stops.flatMap(({ gamma: at, accuracy }) => (accuracy === undefined ? [] : [[at, accuracy] as const]));
  const averages = stops.flatMap(({ gamma: at, averageAccuracy }) => (averageAccuracy === undefined ? [] : [[at, averageAccuracy] as const])); // prettier-ignore
  const kinds = [...new Set(stops.map(({ classId }) => architectureLabel(opened.architectures[classId]?.name ?? '')))];
  const cell = (width - left - right) / Math.max(1, (curve?.done === true ? stops.length : 21) - 1);
  const label = opened.sample === undefined ? 'ClassId along the walk' : 'Accuracy along the walk';
  return (
    <LineChart
      label={kinds.length === 0 ? label : `${label}, through ${kinds.join(', ')}`}
      height={height}
      series={[
        ...(opened.sample === undefined ? [] : [{ name: 'decoded networks', kind: 'main' as const, points: accuracies }]),
        ...(averages.length > 0 ? [{ name: 'averaged weights', kind: 'other' as const, points: averages }] : []),
      ]}
      x={{ from: 0, to: 1, label: 'γ', said: String }}
      {...(opened.sample !== undefined && { y: { said: (value: number) => `${Math.round(100 * value)} %`, most: 1 } })}
      at={gamma}
      onPick={(at) => store.change({ walk: { ...store.get().view.walk, gamma: at } }, { gesture: 'gamma' })}
      note={opened.sample === undefined ? 'ClassId. The folder has no sample, so accuracy is not measured here.' : undefined}
    >
      {stops.map(({ gamma: at, classId }, i) => (
        <rect
          key={i}
          x={Math.max(left, left + at * (width - left - right) - cell / 2)}
          y={opened.sample === undefined ? 12 : height - bottom}
          width={i === 0 || i === stops.length - 1 ? cell / 2 : cell}
          height={opened.sample === undefined ? height - bottom - 12 : 4}
          fill={css(kindColor(classId))}
        />
      ))}
    </LineChart>
  );
}
