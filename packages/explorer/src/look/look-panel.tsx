import { nameOf, shownPlace } from '../state/places.js';
import { PictureView } from '../ui/picture.js';
import { usePage, useSelect } from '../ui/page-context.js';
import { architectureLabel, placesLabel } from '../ui/words.js';
import { Downloads } from '../bring/downloads.js';
import { RefinePart } from '../bring/refine-part.js';
import { Selection } from '../map/selection.js';
import { Confusion } from './confusion.js';
import { Measured } from './measured.js';
import { Metrics } from './metrics.js';
import { ShapeView } from './shape-view.js';
import { Button } from '../ui/controls.js';

/** The network under the cursor: what it is and what it does. */
export function LookPanel() {
  const { store } = usePage();
  const opened = useSelect((state) => state.opened)!;
  const place = useSelect(shownPlace);
  const state = store.get();
  const look = useSelect((all) => all.look);
  const { manifest, architectures } = opened;
  const network = place.at === 'network' ? manifest.networks.find(({ name }) => name === place.name) : undefined;
  const places = placesLabel(manifest);
  const architecture = look && architectures[look.classId];
  const addStop = (index: number): void => {
    const stops = [...state.view.walk.stops];
    stops[index] = place;
    store.change({ tab: 'walk', walk: { ...state.view.walk, stops } });
  };
  return (
    <>
      <header class="subject">
        <p class="kicker">
          {network === undefined
            ? 'Decoded from the cursor'
            : network.heldOut
              ? 'Held out: the space never saw it'
              : 'The space was trained on it'}
        </p>
        <h2>{architectureLabel(network?.architecture ?? architecture?.name ?? '…')}</h2>
        <p class="soft name">{nameOf(place, state)}</p>
      </header>
      {network !== undefined && architecture !== undefined && architecture.name !== network.architecture && (
        <p class="problem">
          The class head takes it for a {architectureLabel(architecture.name)}, which is wrong: what you see below is that network.
        </p>
      )}
      {manifest.kind === 'sdf' && <ShapeView />}
      {manifest.kind === 'other' && (
        <p class="soft">
          This page runs classifiers of images and shapes. Of other networks it shows the map, the parameters and what was measured when the
          folder was written.
        </p>
      )}
      <div class="pair">
        <figure data-tour="prep">
          <PictureView picture={look?.prep} label="Picture of the PRep: all parameters of the network, blue below zero, red above" />
          <figcaption>
            <b>PRep</b> · {opened.prepShape.join(' × ')} numbers, all of the network
          </figcaption>
        </figure>
        <div class="stack-wide">
          <Measured
            look={look}
            architectures={architectures}
            title={network === undefined ? 'Accuracy on the sample' : 'Its reconstruction, on the sample'}
          />
        </div>
      </div>
      {network !== undefined && <Metrics network={network} />}
      {network !== undefined && places !== undefined && <p class="soft">{places}</p>}
      {look?.confusion !== undefined && <Confusion counts={look.confusion} classes={manifest.classes ?? []} />}
      <div class="row">
        <Button label="Walk from here" onPress={() => addStop(0)} />
        <Button label="Walk to here" onPress={() => addStop(1)} />
      </div>
      {place.at === 'network' && opened.withWeights.includes(place.name) && <RefinePart of={place} />}
      <Selection />
      <Downloads place={place} />
    </>
  );
}
