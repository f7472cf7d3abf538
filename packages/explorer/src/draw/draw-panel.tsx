import { namedStops } from '../state/places.js';
import { imageShown, sampleImage, seenOf } from '../state/image.js';
import { takeImage } from '../live/files/take-image.js';
import { Button } from '../ui/controls.js';
import { FileButton } from '../ui/file-button.js';
import { usePage, useSelect } from '../ui/page-context.js';
import { Pad } from './pad.js';
import { Probabilities, type Voice } from './probabilities.js';
import { Thumbnail } from './thumbnail.js';

const A_PAGE = 20;

/** The network at work on an image: one's own or one of the sample. */
export function DrawPanel() {
  const page = usePage();
  const { store } = page;
  const opened = useSelect((state) => state.opened)!;
  const { sample, manifest } = opened;
  const classified = useSelect((state) => state.classified);
  const stops = namedStops(useSelect(({ view }) => view.walk));
  const chosen = useSelect(({ view }) => view.image);
  const pad = useSelect((state) => state.pad);
  const firstShown = useSelect((state) => state.samplePage);
  const drawn = useSelect((state) => state.drawn);
  const image = useSelect(imageShown);
  if (sample === undefined || manifest.sample === undefined) {
    return (
      <p class="problem">
        This folder has no sample, so the page does not know what images its networks read. Export it with --sample 500 to draw here.
      </p>
    );
  }
  const classes = manifest.classes ?? [];
  const count = classified?.probabilities[0]?.length ?? classes.length;
  const names = Array.from({ length: count }, (_, i) => classes[i] ?? String(i));
  const voters = classified?.voters ?? 0;
  const votersSaid = voters < manifest.networks.length && voters > 0 ? `${voters} networks spread over the map` : 'all networks of the map';
  const answers = image === undefined ? undefined : classified;
  const voices: readonly Voice[] = [
    { name: 'Here', probabilities: answers?.probabilities[0] },
    ...stops.map(({ letter }, i) => ({ name: letter, probabilities: answers?.probabilities[i + 1] })),
    { name: answers?.voters === undefined ? 'All' : `All ${answers.voters}`, probabilities: answers?.vote },
  ];
  const label = chosen === undefined ? undefined : sample.labels[chosen];
  return (
    <>
      <div class="pair">
        <figure>
          <Pad sample={sample} />
          <div class="row">
            <Button label="Clear" disabled={pad === undefined} onPress={() => store.change({ image: undefined }, { pad: undefined })} />
            <FileButton label="Image file" accept="image/*" onFiles={(files) => files[0] && void takeImage(page, files[0])} />
          </div>
        </figure>
        <div class="stack-wide">
          <figure class="seen">
            <Thumbnail image={image} size={sample} label="What the networks see" />
            <figcaption>
              <b>What networks see</b>
              {chosen === undefined
                ? ' · your drawing, centered'
                : ` · sample ${chosen}${label === undefined ? '' : `, a\u00a0${names[label] ?? label}`}`}
            </figcaption>
          </figure>
          {pad !== undefined && chosen === undefined && (
            <label class="field">
              <span>Keep it, for the optimizer, as</span>
              <select
                value=""
                onChange={(event) => {
                  const kept = Number(event.currentTarget.value);
                  event.currentTarget.value = '';
                  store.set({
                    drawn: [...drawn, { pixels: seenOf(pad, sample), label: kept }],
                    said: `Kept as ${names[kept]}; ${drawn.length + 1} in all`,
                  });
                }}
              >
                <option value="" disabled>
                  a …
                </option>
                {names.map((name, i) => (
                  <option key={name} value={i}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          )}
          {drawn.length > 0 && <p class="soft">{drawn.length} kept. The optimizer can learn them.</p>}
        </div>
      </div>
      <Probabilities voices={voices} classes={names} />
      <p class="soft">
        Here: the network under the cursor. {stops.length > 1 && 'Letters: the stops of the walk. '}All: the mean of what {votersSaid} say,
        each as the space reconstructs it.
      </p>
      <section aria-label="Sample">
        <div class="row">
          <h2 class="grow small">From the sample</h2>
          <Button
            bare
            icon="minus"
            label="Images before"
            disabled={firstShown === 0}
            onPress={() => store.set({ samplePage: Math.max(0, firstShown - A_PAGE) })}
          />
          <Button
            bare
            icon="plus"
            label="More images"
            disabled={firstShown + A_PAGE >= sample.count}
            onPress={() => store.set({ samplePage: firstShown + A_PAGE })}
          />
        </div>
        <div class="thumbnails">
          {Array.from({ length: Math.min(A_PAGE, sample.count - firstShown) }, (_, i) => firstShown + i).map((index) => (
            <button
              type="button"
              key={index}
              aria-pressed={chosen === index}
              aria-label={`Image ${index}, a ${names[sample.labels[index]!] ?? sample.labels[index]}`}
              onClick={() => store.change({ image: index })}
            >
              <Thumbnail image={sampleImage(opened, index)} size={sample} label="" />
            </button>
          ))}
        </div>
        <p class="soft">{manifest.sample.source}</p>
      </section>
    </>
  );
}
