import { architectureLabel, figure, metricLabel, metricValue } from '../ui/words.js';
import { useSelect } from '../ui/page-context.js';
import { PictureView } from '../ui/picture.js';
import { pointOf, rowsOf } from '../state/places.js';
import { frameOf, toScreen } from './frame.js';

const MOST_METRICS = 4;
const CARD = { width: 232, height: 208 };

/** What a network is, beside the pointer: for those who see it. The cursor says the same to a screen reader. */
export function HoverCard() {
  const name = useSelect(({ hovered }) => hovered);
  const state = useSelect((all) => (all.hovered === undefined ? undefined : all));
  if (name === undefined || state?.opened === undefined) return null;
  const network = state.opened.manifest.networks[rowsOf(state).get(name) ?? -1];
  const point = pointOf({ at: 'network', name }, state);
  if (network === undefined || point === undefined) return null;
  const [x, y] = toScreen(frameOf(state), point);
  const [width, height] = state.mapSize;
  const left = Math.min(width - CARD.width - 8, x + 18 + CARD.width > width ? x - CARD.width - 18 : x + 18);
  const top = Math.min(height - CARD.height - 8, Math.max(8, y - 40));
  return (
    <div class="hover-card" style={{ left: `${Math.max(8, left)}px`, top: `${top}px` }} aria-hidden="true">
      <PictureView picture={state.pictures.get(name)} label="" size={72} />
      <div>
        <b>{architectureLabel(network.architecture)}</b>
        <span class="soft">{network.heldOut ? 'held out: never trained on' : 'the space was trained on it'}</span>
      </div>
      <p class="name">{name}</p>
      <dl>
        {network.length ? <Fact label="training length" value={`${figure(network.length)} epochs`} /> : null}
        {Object.entries(network.metrics)
          .slice(0, MOST_METRICS)
          .map(([metric, value]) => (
            <Fact key={metric} label={metricLabel(metric)} value={metricValue(metric, value)} />
          ))}
      </dl>
    </div>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}
