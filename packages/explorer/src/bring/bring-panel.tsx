import { bring, namedFiles } from '../live/files/bring.js';
import { Button } from '../ui/controls.js';
import { FileButton } from '../ui/file-button.js';
import { usePage, useSelect } from '../ui/page-context.js';
import { PictureView } from '../ui/picture.js';
import { architectureLabel, percent } from '../ui/words.js';
import type { Kept } from '../state/state.js';
import type { Brought } from '../worker/messages/protocol.js';
import { Downloads } from './downloads.js';
import { RefinePart } from './refine-part.js';

/** Networks and spaces of the visitor's own: they stay on this machine. */
export function BringPanel() {
  const page = usePage();
  const brought = useSelect((state) => state.brought);
  const bringing = useSelect((state) => state.bringing);
  const opened = useSelect((state) => state.opened)!;
  const place = useSelect(({ view }) => view.cursor);
  const kept = useSelect((state) => state.kept);
  const linked = kept.filter(({ id, kind }) => kind === 'brought' && !brought.some((one) => one.id === id));
  const takes = (files: readonly File[]): void => void bring(page, namedFiles(files));
  return (
    <>
      <div class="drop-zone">
        <h2>Drop a network of your own</h2>
        <p>
          <code>.safetensors</code>, PyTorch's <code>.pt</code>, or a TensorFlow.js model (<code>model.json</code> and its shards). Its
          architecture must be one of the space: {opened.architectures.map(({ name }) => architectureLabel(name)).join(', ')}.
        </p>
        <p>
          Or drop a whole space: the folder that <code>netspace export</code> writes, or a zip of it.
        </p>
        <div class="row">
          <FileButton label={bringing ? 'Reading…' : 'Choose files'} onFiles={takes} />
          <FileButton label="Choose a folder" folder onFiles={takes} />
        </div>
        <p class="soft">Files are read by this page alone; nothing is sent anywhere.</p>
      </div>
      {brought.map((one) => (
        <Result key={one.id} brought={one} />
      ))}
      {linked.map((one) => (
        <Linked key={one.id} kept={one} />
      ))}
      {brought.length > 0 && <Downloads place={place} />}
    </>
  );
}

/** A network that a link brought: its place is here, its weights are not. */
function Linked({ kept: { id, name } }: { readonly kept: Kept }) {
  return (
    <article class="brought-card" aria-label={name}>
      <header class="subject">
        <p class="kicker">Came with the link</p>
        <h2>{name}</h2>
      </header>
      <p class="soft">
        The link holds the place of this network, not its weights. Drop its file here to compare it with its reconstruction.
      </p>
      <PlaceButtons id={id} />
    </article>
  );
}

function PlaceButtons({ id }: { readonly id: string }) {
  const { store } = usePage();
  const walkTo = (): void => {
    const { walk, cursor } = store.get().view;
    const other = walk.stops[0] ?? cursor;
    store.change({ tab: 'walk', walk: { ...walk, mode: 'line', stops: [other, { at: 'kept', id }] } });
  };
  return (
    <div class="row">
      <Button label="Show on the map" onPress={() => store.change({ cursor: { at: 'kept', id } })} />
      <Button label="Walk to it" onPress={walkTo} />
    </div>
  );
}

function Result({ brought }: { readonly brought: Brought }) {
  const { id, name, architecture, classId, predictedClassId, target, predicted, targetAccuracy, predictedAccuracy, agreement } = brought;
  const opened = useSelect((state) => state.opened)!;
  const isRight = classId === predictedClassId;
  return (
    <article class="brought-card" aria-label={name}>
      <header class="subject">
        <p class="kicker">{architectureLabel(architecture)}</p>
        <h2>{name}</h2>
      </header>
      <div class="pair">
        <figure>
          <PictureView picture={target} label="PRep of the network that you brought" />
          <figcaption>
            <b>Yours</b>
            {targetAccuracy !== undefined && ` · accuracy ${percent(targetAccuracy)}`}
          </figcaption>
        </figure>
        <figure>
          <PictureView picture={predicted} label="PRep of its reconstruction by the space" />
          <figcaption>
            <b>Reconstruction</b>
            {predictedAccuracy !== undefined && ` · accuracy ${percent(predictedAccuracy)}`}
          </figcaption>
        </figure>
      </div>
      <dl class="facts">
        {agreement !== undefined && (
          <div>
            <dt>both say the same of the sample's images</dt>
            <dd data-value="agreement">{percent(agreement)}</dd>
          </div>
        )}
        <div>
          <dt>ClassId</dt>
          <dd>{isRight ? 'read right' : `read as ${architectureLabel(opened.architectures[predictedClassId]?.name ?? '?')}: wrong`}</dd>
        </div>
      </dl>
      <RefinePart of={{ at: 'kept', id }} />
      <PlaceButtons id={id} />
    </article>
  );
}
