import { nameOf } from '../state/places.js';
import { Button } from '../ui/controls.js';
import { NetworkSearch } from '../ui/network-search.js';
import { usePage, useSelect } from '../ui/page-context.js';
import type { Place } from '../worker/messages/protocol.js';

const LETTERS = 'ABC';

/** One end of the walk: set by name, from the cursor, or by a press on the map. */
export function StopPicker({ index }: { readonly index: number }) {
  const { store } = usePage();
  const walk = useSelect(({ view }) => view.walk);
  const cursor = useSelect(({ view }) => view.cursor);
  const placing = useSelect((state) => state.placing);
  const stop = walk.stops[index];
  const set = (place: Place): void => {
    const stops = [...walk.stops];
    stops[index] = place;
    store.change({ walk: { ...walk, stops } });
  };
  const letter = LETTERS[index]!;
  return (
    <div class="stop-picker">
      <b aria-hidden="true">{letter}</b>
      <NetworkSearch
        id={`stop-${index}`}
        label={`Stop ${letter}`}
        shown={nameOf(stop, store.get())}
        onChoose={(name) => set({ at: 'network', name })}
      />
      <Button bare icon="cursor" label={`Set ${letter} to the cursor`} onPress={() => set(cursor)} />
      <Button
        bare
        icon="search"
        label={`Set ${letter} by a press on the map`}
        pressed={placing === index}
        onPress={() => store.set({ placing: placing === index ? undefined : index })}
      />
    </div>
  );
}
