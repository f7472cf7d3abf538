import { useLayoutEffect, useRef } from 'preact/hooks';

import type { State } from '../state/state.js';
import { Button } from '../ui/controls.js';
import { usePage, useSelect } from '../ui/page-context.js';

interface TourStep {
  readonly title: string;
  readonly text: (state: State) => string;
  /** Which part of the page it points at. */
  readonly at: string;
  readonly tab?: State['view']['tab'];
  /** @default every space */
  readonly isFor?: (state: State) => boolean;
}

const STEPS: readonly TourStep[] = [
  {
    title: 'A space of networks',
    text: ({ opened }) =>
      `Each dot is a whole trained network: ${opened?.manifest.networks.length ?? 0} of them. Networks that lie close together are alike. The map shows the two directions in which they differ most.`,
    at: 'map',
    tab: 'look',
  },
  {
    title: 'Embedding',
    text: ({ opened }) =>
      `A place in the space is an embedding: ${opened?.embeddingSize ?? 0} numbers. An encoder makes them from a network, and a decoder makes a network from them. Press anywhere on the map, also between the dots: the network for that place is made at once.`,
    at: 'map',
    tab: 'look',
  },
  {
    title: 'PRep',
    text: ({ opened }) =>
      `The parameter representation is what encoder and decoder see: all weights of a network in one matrix of ${opened?.prepShape.join(' × ')} numbers. Red is above zero, blue is below, white is zero, gray is unused.`,
    at: 'prep',
    tab: 'look',
  },
  {
    title: 'ClassId',
    text: () =>
      'This space holds several architectures. The class head reads from an embedding which of them its network has, so that the numbers become the right layers. Halfway between two architectures it may be undecided.',
    at: 'class-id',
    tab: 'look',
    isFor: ({ opened }) => (opened?.architectures.length ?? 0) > 1,
  },
  {
    title: 'γ, the walk',
    text: () =>
      'Gamma says how far you are on the way from A to B. At 0 the network is A, at 1 it is B; in between, each embedding is a blend of both. Drag it. The curve shows what these networks can do, and for comparison what networks with averaged weights can do.',
    at: 'gamma',
    tab: 'walk',
  },
];

/** A short tour that explains the words with the page itself. */
export function Tour() {
  const { store } = usePage();
  const index = useSelect((state) => state.tour);
  const mapSize = useSelect((state) => state.mapSize);
  const card = useRef<HTMLDivElement>(null);
  const steps = STEPS.filter(({ isFor }) => isFor?.(store.get()) !== false);
  const step = index === undefined ? undefined : steps[index];
  const go = (next: number | undefined): void => {
    const tab = next === undefined ? undefined : steps[next]?.tab;
    if (tab !== undefined && tab !== store.get().view.tab) store.change({ tab }, { undo: false });
    store.set({ tour: next });
  };
  useLayoutEffect(() => {
    const element = card.current;
    if (step === undefined || element === null) return;
    const app = element.closest<HTMLElement>('.app')!;
    const target = app.querySelector<HTMLElement>(`[data-tour="${step.at}"]`);
    if (target === null) return;
    target.classList.add('toured');
    const narrow = app.clientWidth < 720;
    if (narrow) target.scrollIntoView({ block: 'nearest' });
    const [box, frame] = [target.getBoundingClientRect(), app.getBoundingClientRect()];
    const left = step.at === 'map' ? box.left - frame.left + 76 : box.left - frame.left - element.offsetWidth - 20;
    const top = step.at === 'map' ? box.top - frame.top + 72 : box.top - frame.top;
    element.style.left = narrow ? '' : `${Math.max(12, left)}px`;
    element.style.top = narrow ? '' : `${Math.max(12, Math.min(frame.height - element.offsetHeight - 12, top))}px`;
    return () => target.classList.remove('toured');
  }, [step, mapSize]);
  const isOpen = step !== undefined;
  useLayoutEffect(() => {
    if (!isOpen) return;
    const opener = (card.current?.getRootNode() as ShadowRoot | undefined)?.activeElement as HTMLElement | null;
    return () => opener?.focus();
  }, [isOpen]);
  // At once, not after the next frame: a key that is pressed in between would lose its button.
  useLayoutEffect(() => card.current?.focus(), [step]);
  if (step === undefined || index === undefined) return null;
  const isLast = index === steps.length - 1;
  return (
    <div
      class="tour"
      role="dialog"
      aria-labelledby="tour-title"
      aria-describedby="tour-text"
      tabIndex={-1}
      ref={card}
      onKeyDown={(event) => event.key === 'Escape' && go(undefined)}
    >
      <p class="kicker">
        {index + 1} of {steps.length}
      </p>
      <h2 id="tour-title">{step.title}</h2>
      <p id="tour-text">{step.text(store.get())}</p>
      <div class="row">
        <Button kind="quiet" label="End the tour" onPress={() => go(undefined)} />
        <span class="grow" />
        {index > 0 && <Button label="Back" onPress={() => go(index - 1)} />}
        <Button kind="primary" label={isLast ? 'Start exploring' : 'Next'} onPress={() => go(isLast ? undefined : index + 1)} />
      </div>
    </div>
  );
}
