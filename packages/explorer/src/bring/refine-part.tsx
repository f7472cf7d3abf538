import { refine, stopRefining } from '../live/refine.js';
import { keyOf } from '../state/places.js';
import { Button } from '../ui/controls.js';
import { usePage, useSelect } from '../ui/page-context.js';
import { PictureView } from '../ui/picture.js';
import { figure, percent } from '../ui/words.js';
import type { Likeness, Refined, RefineRequest } from '../worker/refinement.js';

/** Moves the encoding of a network until the space makes one that does the same, and shows both beside each other. */
export function RefinePart({ of }: { readonly of: RefineRequest['of'] }) {
  const page = usePage();
  const key = keyOf(of);
  const refining = useSelect((state) => state.refining);
  const refined = useSelect((state) => state.refined.get(key));
  const isShape = useSelect(({ opened }) => opened?.manifest.kind === 'sdf');
  const hasKnown = useSelect(({ opened }) => opened?.manifest.known !== undefined);
  const hasSample = useSelect(({ opened }) => opened?.sample !== undefined);
  if (!isShape && !hasSample) return null;
  const mine = refining !== undefined && keyOf(refining.of) === key;
  return (
    <section class="refine" aria-label="Refinement">
      <h3 class="small">Refine</h3>
      {refined === undefined && !mine && (
        <p class="soft">
          The encoder guesses in one pass where a network lies. Refining moves that place
          {hasKnown && ', or the closest one that the space learned with,'} until the network decoded there{' '}
          {isShape ? 'has the same surface' : 'says the same of images'}. It takes from seconds to a minute.
        </p>
      )}
      {mine ? (
        <div class="refining">
          <p>
            Step {refining.last?.step ?? 0} of {refining.last?.steps ?? '…'}
            {refining.last && ` · distance ${figure(refining.last.loss)}`}
          </p>
          <progress aria-label="Refining" {...(refining.last && { value: refining.last.step, max: refining.last.steps })} />
          <Button label="Stop" icon="pause" onPress={() => stopRefining(page)} />
        </div>
      ) : (
        <div class="row">
          <Button
            label={refined === undefined ? 'Refine it' : 'Refine again'}
            disabled={refining !== undefined}
            onPress={() => void refine(page, of)}
          />
          {refining !== undefined && (
            <>
              <p class="soft">Another network is being refined.</p>
              <Button kind="quiet" label="Stop it" onPress={() => stopRefining(page)} />
            </>
          )}
        </div>
      )}
      {refined !== undefined && <Result of={of} refined={refined} />}
    </section>
  );
}

function Result({ of, refined }: { readonly of: RefineRequest['of']; readonly refined: Refined }) {
  const { store } = usePage();
  const place = { at: 'kept', id: refined.id } as const;
  const walk = (): void => {
    const { walk: now } = store.get().view;
    store.change({ tab: 'walk', walk: { ...now, mode: 'line', stops: [of, place], gamma: 1 } });
  };
  return (
    <>
      <div class="pair">
        <Column title="Encoded" likeness={refined.encoded} name="encoded" />
        <Column title="Refined" likeness={refined.refined} name="refined" />
      </div>
      <p class="soft">
        {refined.steps} steps in {figure(refined.seconds)} s.{' '}
        {refined.images !== undefined
          ? `Measured on ${refined.images} images of the sample that no step saw${refined.targetAccuracy === undefined ? '' : `; the network itself is right on ${percent(refined.targetAccuracy)} of them`}.`
          : 'Measured on a grid in the cube that holds the shapes.'}
      </p>
      <div class="row">
        <Button label="Show the refined place" onPress={() => store.change({ cursor: place })} />
        <Button label="Walk from encoded to refined" onPress={walk} />
      </div>
    </>
  );
}

function Column({ title, likeness, name }: { readonly title: string; readonly likeness: Likeness; readonly name: string }) {
  const { prep, accuracy, agreement, iou } = likeness;
  return (
    <figure>
      <PictureView picture={prep} label={`PRep of the network, ${title.toLowerCase()}`} />
      <figcaption>
        <b>{title}</b>
        <dl class="facts">
          {agreement !== undefined && <Fact label="says the same" value={percent(agreement)} name={`${name}-agreement`} />}
          {accuracy !== undefined && <Fact label="accuracy" value={percent(accuracy)} name={`${name}-accuracy`} />}
          {iou !== undefined && <Fact label="IoU of the shapes" value={percent(iou)} name={`${name}-iou`} />}
        </dl>
      </figcaption>
    </figure>
  );
}

function Fact({ label, value, name }: { readonly label: string; readonly value: string; readonly name: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd data-value={name}>{value}</dd>
    </div>
  );
}
