import { Confusion } from '../look/confusion.js';
import { Measured } from '../look/measured.js';
import { ShapeView } from '../look/shape-view.js';
import { Downloads } from '../bring/downloads.js';
import { exportCurve, exportTriangle } from '../live/files/exports.js';
import { placeOfWalk, shownPlace } from '../state/places.js';
import type { Walk, WalkMode } from '../state/state.js';
import { Button, Range, Segments } from '../ui/controls.js';
import { usePage, useSelect } from '../ui/page-context.js';
import { PictureView } from '../ui/picture.js';
import { recordFilm, savePicture, stopFilming } from './film.js';
import { Pace, PlayButton } from './play-controls.js';
import { StopPicker } from './stop-picker.js';
import { WalkCurve } from './walk-curve.js';
import { TrianglePad } from './triangle-pad.js';

/** The walk: its stops, γ, and what the networks on the way do. */
export function WalkPanel() {
  const page = usePage();
  const { store } = page;
  const { walk } = useSelect(({ view }) => view);
  const opened = useSelect((state) => state.opened)!;
  const look = useSelect((state) => state.look);
  const playing = useSelect((state) => state.playing);
  const recording = useSelect((state) => state.recording);
  const place = useSelect(shownPlace);
  const hasCurve = useSelect(({ curve }) => (curve?.stops.length ?? 0) > 0);
  const { manifest, architectures } = opened;
  const isReady = placeOfWalk(walk) !== undefined;
  const set = (change: Partial<Walk>, gesture?: string): void =>
    store.change({ walk: { ...walk, ...change } }, gesture === undefined ? {} : { gesture });
  return (
    <>
      <Segments<WalkMode>
        label="Kind of walk"
        value={walk.mode}
        options={[
          { value: 'line', label: 'Line' },
          { value: 'triangle', label: 'Triangle' },
          { value: 'path', label: 'Path' },
        ]}
        onChoose={(mode) => set({ mode })}
      />
      {walk.mode === 'path' ? (
        <div class="row">
          <p class="soft grow">{walk.stops.length < 2 ? 'Draw a path on the map.' : `A path of ${walk.stops.length} stops.`}</p>
          <Button label="Draw a path" icon="path" onPress={() => store.change({ tool: 'path' }, { undo: false })} />
          <Button label="Cursor as next stop" onPress={() => set({ stops: [...walk.stops, store.get().view.cursor] })} />
        </div>
      ) : (
        <div class="stops">
          {[0, 1, ...(walk.mode === 'triangle' ? [2] : [])].map((index) => (
            <StopPicker key={index} index={index} />
          ))}
        </div>
      )}
      {!isReady && (
        <p class="problem">Set {walk.mode === 'triangle' ? 'three stops' : 'two stops'}: search for a network, or press on the map.</p>
      )}
      {walk.mode === 'triangle' ? (
        <div class="play" data-tour="gamma">
          <TrianglePad />
          <div class="row">
            <PlayButton />
            <Pace />
          </div>
        </div>
      ) : (
        <div class="play gamma" data-tour="gamma">
          <PlayButton />
          <Range
            label={<i class="greek">γ</i>}
            name="Gamma: how far along the walk"
            value={walk.gamma}
            min={0}
            max={1}
            step={0.005}
            said={walk.gamma.toFixed(3)}
            onInput={(gamma) => {
              if (playing) store.set({ playing: false });
              set({ gamma }, 'gamma');
            }}
            onStart={() => store.set({ moving: true })}
            onEnd={() => {
              if (!store.get().playing) store.set({ moving: false });
            }}
          />
          <Pace />
        </div>
      )}
      {manifest.kind === 'sdf' && <ShapeView />}
      {walk.mode !== 'triangle' && manifest.kind === 'classifier' && <WalkCurve />}
      <div class="pair">
        <figure>
          <PictureView picture={look?.prep} label="PRep of the network here" />
          <figcaption>
            <b>PRep</b> here
          </figcaption>
        </figure>
        <figure>
          <PictureView picture={look?.difference} label="Difference of its PRep to that of the first stop" />
          <figcaption>
            <b>Difference</b> to A
          </figcaption>
        </figure>
      </div>
      <Measured look={look} architectures={architectures} title="Accuracy on the sample" />
      {look?.confusion !== undefined && <Confusion counts={look.confusion} classes={manifest.classes ?? []} />}
      <div class="row">
        <Button
          label="CSV"
          disabled={!isReady || recording !== undefined || (walk.mode !== 'triangle' && !hasCurve)}
          onPress={() => (walk.mode === 'triangle' ? void exportTriangle(page) : exportCurve(page))}
        />
        <Button label="PNG" disabled={look === undefined} onPress={() => void savePicture(page)} />
        <Button label="Film (WebM)" disabled={!isReady || recording !== undefined} onPress={() => void recordFilm(page, 'video')} />
        <Button label="Film (GIF)" disabled={!isReady || recording !== undefined} onPress={() => void recordFilm(page, 'gif')} />
      </div>
      {recording !== undefined && (
        <div class="recording row">
          <progress aria-label={recording.format === 'csv' ? 'Measuring' : 'Filming'} value={recording.done} max={1} />
          {recording.format !== 'csv' && <Button label="Stop filming" onPress={() => stopFilming(page)} />}
        </div>
      )}
      {walk.mode === 'triangle' && (
        <p class="soft">
          The CSV holds 66 networks spread over the triangle. A film goes from A over B and C back to A, and then to the middle.
        </p>
      )}
      <Downloads place={place} />
    </>
  );
}
