import type { MappedNetwork } from '../folder/manifest.js';
import type { Opened, Place } from '../worker/messages/protocol.js';
import { FIRST_VIEW, type View } from './state.js';

/** The accuracy of the networks themselves, where the folder has it. */
export function accuracyMetric({ manifest }: Opened): string | undefined {
  const names = metricNames(manifest.networks);
  return ['testAccuracy', 'targetAccuracy', 'accuracy'].find((name) => names.includes(name));
}

/** The metric that says how good a network is, where the folder has one. */
export function mainMetric(opened: Opened): string | undefined {
  const names = metricNames(opened.manifest.networks);
  return accuracyMetric(opened) ?? ['r2', 'psnr', 'iou'].find((name) => names.includes(name)) ?? names[0];
}

/** Whether less of it is better. */
const isLoss = (metric: string): boolean => /loss|mse|error/i.test(metric);

/** All metrics that some network of the map has. */
export function metricNames(networks: readonly MappedNetwork[]): readonly string[] {
  const known = NAMES.get(networks);
  if (known !== undefined) return known;
  const names = new Set<string>();
  for (const { metrics } of networks) for (const name of Object.keys(metrics)) names.add(name);
  const sorted = [...names].sort();
  NAMES.set(networks, sorted);
  return sorted;
}

const NAMES = new WeakMap<object, readonly string[]>();

/** With fewer measured networks most of the map would be gray. */
const LEAST_MEASURED = 0.6;

/** What colors the map at first: how good networks are where most were measured, else which architecture they are. */
function firstColor(opened: Opened): string {
  const metric = mainMetric(opened);
  const { networks } = opened.manifest;
  const measured = metric === undefined ? 0 : networks.filter(({ metrics }) => metric in metrics).length;
  return metric !== undefined && measured >= LEAST_MEASURED * networks.length ? metric : 'architecture';
}

const VIEWS = new WeakMap<Opened, View>();

/** What a folder shows at first: the cursor on its best network, and a walk from a poor one to a good one. The same object each time. */
export function firstView(opened: Opened): View {
  const view = VIEWS.get(opened) ?? makeFirstView(opened);
  VIEWS.set(opened, view);
  return view;
}

function makeFirstView(opened: Opened): View {
  const { manifest } = opened;
  const { networks, kind } = manifest;
  const metric = mainMetric(opened);
  const sign = metric !== undefined && isLoss(metric) ? -1 : 1;
  const value = (one: MappedNetwork): number => (metric === undefined ? 0 : sign * (one.metrics[metric] ?? -sign * Infinity));
  const sorted = [...networks].sort((a, b) => value(b) - value(a));
  const best = sorted[0];
  const [from, to] = kind === 'sdf' ? [farthest(opened, best), best] : ends(opened, sorted);
  const rest = sorted.filter(({ name }) => name !== to?.name && name !== from?.name);
  const third = rest.find(({ architecture }) => architecture !== to?.architecture) ?? rest[0];
  const stops = [from, to, third].flatMap((one): Place[] => (one === undefined ? [] : [{ at: 'network', name: one.name }]));
  return {
    ...FIRST_VIEW,
    cursor: best === undefined ? FIRST_VIEW.cursor : { at: 'network', name: best.name },
    colorBy: firstColor(opened),
    // A sample says how good each place is; without one there are at most borders of architectures to see.
    shaded:
      manifest.sample !== undefined ||
      (kind === 'classifier' && manifest.networks.some(({ architecture }) => architecture !== best?.architecture)),
    walk: { ...FIRST_VIEW.walk, stops },
  };
}

/**
 * The poorest and the best network of one architecture: among those with weights here if there are two, since only these can be compared with
 * averaged weights.
 */
function ends({ withWeights }: Opened, sorted: readonly MappedNetwork[]): readonly [MappedNetwork | undefined, MappedNetwork | undefined] {
  const here = new Set(withWeights);
  for (const some of [sorted.filter(({ name }) => here.has(name)), sorted]) {
    const best = some.find((one) => some.some((other) => other !== one && other.architecture === one.architecture));
    if (best !== undefined) return [some.findLast(({ architecture }) => architecture === best.architecture), best];
  }
  return [sorted.at(-1), sorted[0]];
}

/** The shape that lies farthest from another on the plane. */
function farthest({ manifest: { networks }, points }: Opened, from: MappedNetwork | undefined): MappedNetwork | undefined {
  const row = networks.findIndex((one) => one === from);
  const distance = (i: number): number => Math.hypot(points[2 * i]! - points[2 * row]!, points[2 * i + 1]! - points[2 * row + 1]!);
  return row < 0
    ? undefined
    : networks.reduce((most, one, i) => (distance(i) > distance(most.i) ? { one, i } : most), { one: networks[row]!, i: row }).one;
}
