import { placeOfWalk } from '../state/places.js';
import { Button, Toggle } from '../ui/controls.js';
import { NumberField } from '../ui/number-field.js';
import { usePage, useSelect } from '../ui/page-context.js';

/** Starts and stops a walk that goes by itself. */
export function PlayButton() {
  const { store } = usePage();
  const playing = useSelect((state) => state.playing);
  const isReady = useSelect(({ view }) => placeOfWalk(view.walk) !== undefined);
  return (
    <Button
      bare
      kind="primary"
      icon={playing ? 'pause' : 'play'}
      label={playing ? 'Pause' : 'Play'}
      disabled={!isReady}
      onPress={() => store.set({ playing: !playing })}
    />
  );
}

/** Whether it goes on, and how fast: play and films. */
export function Pace() {
  const { store } = usePage();
  const loop = useSelect(({ view }) => view.loop);
  const seconds = useSelect(({ view }) => view.seconds);
  return (
    <>
      <Toggle label="Loop" value={loop} onChange={(on) => store.change({ loop: on })} />
      <NumberField label="Seconds" value={seconds} max={60} onChange={(value) => store.change({ seconds: value })} />
    </>
  );
}
