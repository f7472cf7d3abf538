import type { Opened } from '../worker/messages/protocol.js';
import { architectureLabel, metricLabel, metricValue } from '../ui/words.js';
import { useSelect } from '../ui/page-context.js';
import { coloringOf, css, kindColor, rampColor } from './colors.js';

const RAMP = `linear-gradient(90deg, ${Array.from({ length: 11 }, (_, i) => css(rampColor(i / 10))).join(', ')})`;

/** What the map's colors and marks mean. */
export function Legend() {
  const opened = useSelect((state) => state.opened);
  const by = useSelect(({ view }) => view.colorBy);
  const heat = useSelect((state) => (state.view.shaded ? state.heat : undefined));
  const shaded = useSelect(({ view }) => view.shaded && view.projection === 'pca');
  // UMAP was computed of the networks of the folder: what was made since has no place in it.
  const isLeftOut = useSelect(({ view, umap, run, kept, refined }) => view.projection === 'umap' && umap !== undefined && (run !== undefined || kept.length > 0 || refined.size > 0)); // prettier-ignore
  if (opened === undefined) return null;
  const coloring = coloringOf(opened, by);
  const { networks } = opened.manifest;
  const isMixed = networks.some(({ heldOut }) => heldOut) && networks.some(({ heldOut }) => !heldOut);
  const computed = heat === undefined ? 0 : heat.columns;
  return (
    <div class="legend" role="group" aria-label="Legend">
      {coloring.range === undefined ? (
        <ul>
          {opened.architectures.map(({ name }, classId) => (
            <li key={name}>
              <i class="dot" style={{ background: css(kindColor(classId)) }} />
              {architectureLabel(name)}
            </li>
          ))}
        </ul>
      ) : (
        <div class="scale">
          <span>{metricLabel(coloring.by)}</span>
          <i class="ramp" style={{ background: RAMP }} />
          <span class="ends">
            <span>{metricValue(coloring.by, coloring.range[0])}</span>
            <span>{metricValue(coloring.by, coloring.range[1])}</span>
          </span>
        </div>
      )}
      {coloring.range !== undefined && networks.some((one) => coloring.value(one) === undefined) && (
        <ul>
          <li>
            <i class="dot" style={{ background: css(rampColor(NaN)) }} />
            not measured
          </li>
        </ul>
      )}
      {isMixed && (
        <ul>
          <li>
            <i class="dot ink" />
            trained on
          </li>
          <li>
            <i class="dot ring" />
            held out
          </li>
        </ul>
      )}
      {isLeftOut && <span class="soft">found and brought networks: on the PCA map only</span>}
      {shaded && (
        <span class="soft" data-heat={heat?.done === true ? 'done' : String(computed)}>
          {heat === undefined ? 'shading…' : heat.done ? `shade: ${shadeOf(opened)}` : `shading… ${heat.columns} × ${heat.rows}`}
        </span>
      )}
    </div>
  );
}

/** What the shade of a place says. */
const shadeOf = ({ manifest: { kind, sample } }: Opened): string =>
  kind === 'sdf'
    ? 'volume of the shape there'
    : sample === undefined
      ? 'architecture of the network there'
      : 'accuracy of the network there';
