import { optimize, stopOptimizing } from '../live/optimize.js';
import { nameOf, shownPlace } from '../state/places.js';
import type { OptimizerSettings } from '../state/state.js';
import { Button, Choice, Segments, Toggle } from '../ui/controls.js';
import { NumberField } from '../ui/number-field.js';
import { usePage, useSelect } from '../ui/page-context.js';
import { figure, percent } from '../ui/words.js';
import type { OptimizeStep } from '../worker/messages/protocol.js';
import { LineChart, type Series } from '../walk/line-chart.js';
import { Thumbnail } from '../draw/thumbnail.js';

const RATES = ['0.001', '0.003', '0.01', '0.03', '0.1'] as const;

/** Gradient descent in the space, from the cursor: its weights never change, its embedding does. */
export function OptimizePanel() {
  const page = usePage();
  const { store } = page;
  const settings = useSelect(({ view }) => view.optimizer);
  const opened = useSelect((state) => state.opened)!;
  const run = useSelect((state) => state.run);
  const drawn = useSelect((state) => state.drawn);
  const place = useSelect(shownPlace);
  if (opened.sample === undefined) {
    return (
      <p class="problem">
        The optimizer needs labelled images, and this folder has no sample. Export it with --sample 500, or open a space of classifiers.
      </p>
    );
  }
  const set = (change: Partial<OptimizerSettings>): void => store.change({ optimizer: { ...settings, ...change } });
  const rates = RATES.some((rate) => Number(rate) === settings.learningRate) ? RATES : [...RATES, String(settings.learningRate)];
  const steps = run?.steps ?? [];
  const last = steps.at(-1);
  return (
    <>
      <header class="subject">
        <p class="kicker">Latent space optimization</p>
        <p>
          Gradient descent moves the embedding, not the weights. The decoder turns each step into a whole network. It starts at{' '}
          <b>{nameOf(place, store.get())}</b>.
        </p>
      </header>
      <Segments
        label="Images to learn"
        value={settings.on}
        options={[
          { value: 'sample', label: 'On the sample' },
          { value: 'drawn', label: `On my drawings (${drawn.length})` },
        ]}
        onChoose={(on) => set({ on })}
      />
      {settings.on === 'drawn' && (
        <div class="thumbnails small">
          {drawn.length === 0 && <p class="soft">Draw something on the tab Draw, and keep it with its class.</p>}
          {drawn.map(({ pixels, label }, i) => (
            <button
              type="button"
              key={i}
              aria-label={`Forget drawing ${i + 1}, kept as ${label}`}
              title="Forget it"
              onClick={() => store.set({ drawn: drawn.filter((_, other) => other !== i) })}
            >
              <Thumbnail image={pixels} size={opened.sample!} label="" />
              <span>{opened.manifest.classes?.[label] ?? label}</span>
            </button>
          ))}
        </div>
      )}
      <div class="row fields">
        <Choice
          label="Learning rate"
          value={String(settings.learningRate)}
          options={rates.map((value) => ({ value, label: value }))}
          onChoose={(rate) => set({ learningRate: Number(rate) })}
        />
        <NumberField label="Steps" value={settings.steps} max={500} onChange={(steps) => set({ steps: Math.round(steps) })} />
        <NumberField label="Images a step" value={settings.batch} max={256} onChange={(batch) => set({ batch: Math.round(batch) })} />
      </div>
      <Toggle
        label="Compare with the same steps on the weights"
        value={settings.compareWeights}
        onChange={(compareWeights) => set({ compareWeights })}
      />
      {settings.compareWeights && <p class="soft">Both take steps of the same rate. Weights often need a smaller one.</p>}
      <div class="row">
        {run?.running === true ? (
          <Button label="Stop" icon="pause" kind="primary" onPress={() => stopOptimizing(page)} />
        ) : (
          <Button
            label="Start here"
            icon="play"
            kind="primary"
            onPress={() => void optimize(page, { steps: settings.steps, goOn: false })}
          />
        )}
        <Button
          label="One step"
          disabled={run?.running === true}
          onPress={() => void optimize(page, { steps: 1, goOn: steps.length > 0 })}
        />
        {steps.length > 0 && (
          <Button
            label="Go on"
            disabled={run?.running === true}
            onPress={() => void optimize(page, { steps: settings.steps, goOn: true })}
          />
        )}
      </div>
      {last !== undefined && (
        <>
          <dl class="facts" aria-live="off">
            <Fact name="step" label="step" value={String(last.step)} />
            <Fact name="loss" label="loss" value={figure(last.loss)} />
            <Fact name="step-accuracy" label="accuracy" value={percent(last.accuracy)} />
            {last.weightsAccuracy !== undefined && (
              <Fact name="weights-accuracy" label="accuracy, steps on weights" value={percent(last.weightsAccuracy)} />
            )}
          </dl>
          <LineChart
            label="Accuracy by step"
            {...axes(steps)}
            series={seriesOf(steps, 'accuracy', 'weightsAccuracy')}
            y={{ said: (value) => `${Math.round(100 * value)} %`, most: 1 }}
          />
          <LineChart label="Loss by step" {...axes(steps)} series={seriesOf(steps, 'loss', 'weightsLoss')} y={{ said: figure }} />
        </>
      )}
    </>
  );
}

const axes = (steps: readonly OptimizeStep[]) => ({ x: { from: steps[0]!.step, to: Math.max(1, steps.at(-1)!.step), label: 'step', said: (x: number) => String(Math.round(x)) } }); // prettier-ignore

function seriesOf(steps: readonly OptimizeStep[], main: 'loss' | 'accuracy', other: 'weightsLoss' | 'weightsAccuracy'): readonly Series[] {
  const others = steps.flatMap((one) => (one[other] === undefined ? [] : [[one.step, one[other]] as const]));
  return [
    { name: `${main} in the space`, kind: 'main', points: steps.map((one) => [one.step, one[main]]) },
    ...(others.length > 0 ? [{ name: `${main}, steps on the weights`, kind: 'other' as const, points: others }] : []),
  ];
}

function Fact({ name, label, value }: { readonly name: string; readonly label: string; readonly value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd data-value={name}>{value}</dd>
    </div>
  );
}
