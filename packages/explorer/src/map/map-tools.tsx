import { metricNames } from '../state/first-view.js';
import type { MapTool, View } from '../state/state.js';
import { Button, Choice, Segments, Toggle } from '../ui/controls.js';
import type { IconName } from '../ui/icons.js';
import { usePage, useSelect } from '../ui/page-context.js';
import { metricLabel } from '../ui/words.js';
import { frameOf, zoomAbout } from './frame.js';

const TOOLS: readonly { readonly tool: MapTool; readonly icon: IconName; readonly label: string }[] = [
  { tool: 'cursor', icon: 'cursor', label: 'Point: press or drag to look at a network' },
  { tool: 'pan', icon: 'pan', label: 'Move the map' },
  { tool: 'lasso', icon: 'lasso', label: 'Lasso: ring networks to choose them' },
  { tool: 'path', icon: 'path', label: 'Draw a path to walk along' },
];

/** What the map shows, and what a press on it does. */
export function MapTools() {
  const { store } = usePage();
  const view = useSelect((state) => state.view);
  const opened = useSelect((state) => state.opened);
  const umapDone = useSelect((state) => state.umapDone);
  const placing = useSelect((state) => state.placing);
  if (opened === undefined) return null;
  const { networks } = opened.manifest;
  const zoom = (factor: number): void => {
    const frame = frameOf(store.get());
    store.change(zoomAbout(frame, view.zoom, factor, [frame.width / 2, frame.height / 2]), { gesture: 'zoom buttons' });
  };
  const colors = ['architecture', ...(networks.some(({ length }) => length !== undefined) ? ['length'] : []), ...metricNames(networks)];
  return (
    <>
      <div class="map-tools" role="toolbar" aria-label="What the map shows">
        <Choice
          label="Color"
          value={view.colorBy}
          options={colors.map((value) => ({ value, label: metricLabel(value) }))}
          onChoose={(colorBy) => store.change({ colorBy })}
        />
        <Choice<View['show']>
          label="Show"
          value={view.show}
          options={[
            { value: 'all', label: 'all networks' },
            { value: 'known', label: 'trained on' },
            { value: 'heldOut', label: 'held out' },
          ]}
          onChoose={(show) => store.change({ show })}
        />
        <Segments
          label="Projection"
          value={view.projection}
          options={[
            { value: 'pca', label: 'PCA' },
            {
              value: 'umap',
              label: umapDone === undefined ? 'UMAP' : `UMAP ${Math.round(100 * umapDone)} %`,
              disabled: networks.length < 4,
            },
          ]}
          onChoose={(projection) => store.change({ projection, center: undefined, zoom: 1 })}
        />
        {view.projection === 'pca' && <Toggle label="Shade" value={view.shaded} onChange={(shaded) => store.change({ shaded })} />}
      </div>
      <div class="map-side" role="toolbar" aria-label="Pointing and zooming" aria-orientation="vertical">
        <div class="stack">
          {TOOLS.map(({ tool, icon, label }) => (
            <Button
              key={tool}
              bare
              icon={icon}
              label={label}
              pressed={view.tool === tool}
              onPress={() => store.change({ tool }, { undo: false })}
            />
          ))}
        </div>
        <div class="stack">
          <Button bare icon="plus" label="Zoom in" onPress={() => zoom(1.5)} />
          <Button bare icon="minus" label="Zoom out" onPress={() => zoom(1 / 1.5)} />
          <Button bare icon="fit" label="Show all networks" onPress={() => store.change({ zoom: 1, center: undefined })} />
        </div>
      </div>
      {placing !== undefined && <p class="map-hint">Press on the map to set {'ABC'[placing] ?? 'the stop'}</p>}
      {view.tool === 'lasso' && <p class="map-hint">Draw a ring around networks</p>}
      {view.tool === 'path' && <p class="map-hint">Draw a path</p>}
    </>
  );
}
