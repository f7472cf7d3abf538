import type { Place, RuntimeName } from '../worker/messages/protocol.js';
import { readNames, writeNames } from './address-names.js';
import { type AddressBook, readPlace, writePlace } from './address-places.js';
import { FIRST_VIEW, type MapTool, type Projection, type Tab, type Theme, type View, type WalkMode } from './state.js';

const TABS: readonly Tab[] = ['look', 'walk', 'draw', 'optimize', 'bring'];
const MODES: readonly WalkMode[] = ['line', 'triangle', 'path'];
const TOOLS: readonly MapTool[] = ['cursor', 'pan', 'lasso', 'path'];
const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];
const PROJECTIONS: readonly Projection[] = ['pca', 'umap'];
const RUNTIMES: readonly (RuntimeName | 'fastest')[] = ['fastest', 'webgpu', 'webgl', 'wasm', 'cpu'];
const SHOWN: readonly View['show'][] = ['all', 'known', 'heldOut'];

/** The view as the part of an address after `#`: only what differs from the first view. */
export function writeAddress(view: View, first: View, book: AddressBook): string {
  const entries = new URLSearchParams();
  const put = (key: string, value: string, usual: string): void => {
    if (value !== usual) entries.set(key, value);
  };
  const place = (one: Place): string => writePlace(one, book);
  put('tab', view.tab, first.tab);
  put('at', place(view.cursor), place(first.cursor));
  put('center', numbers(view.center ?? []), numbers(first.center ?? []));
  put('zoom', short(view.zoom), short(first.zoom));
  put('map', view.projection, first.projection);
  put('color', view.colorBy, first.colorBy);
  put('shade', view.shaded ? '1' : '0', first.shaded ? '1' : '0');
  put('show', view.show, first.show);
  put('tool', view.tool, first.tool);
  put('select', writeNames(view.selection, book.names), writeNames(first.selection, book.names));
  put('walk', view.walk.mode, first.walk.mode);
  put('stops', view.walk.stops.map(place).join('~'), first.walk.stops.map(place).join('~'));
  put('gamma', short(view.walk.gamma), short(first.walk.gamma));
  put('weights', numbers(view.walk.weights), numbers(first.walk.weights));
  put('loop', view.loop ? '1' : '0', first.loop ? '1' : '0');
  put('seconds', short(view.seconds), short(first.seconds));
  put('image', String(view.image ?? 'drawn'), String(first.image ?? 'drawn'));
  const { on, steps, learningRate, batch, compareWeights } = view.optimizer;
  const usual = first.optimizer;
  put('on', on, usual.on);
  put('steps', String(steps), String(usual.steps));
  put('rate', short(learningRate), short(usual.learningRate));
  put('batch', String(batch), String(usual.batch));
  put('compare', compareWeights ? '1' : '0', usual.compareWeights ? '1' : '0');
  put('runtime', view.runtime, first.runtime);
  put('theme', view.theme, first.theme);
  return entries.toString();
}

/** The view that an address holds. Whatever is missing or makes no sense is as in the first view: an address may come from anybody. */
export function readAddress(text: string, first: View, book: AddressBook): View {
  const entries = new URLSearchParams(text.slice(0, 100_000));
  const of = <T extends string>(key: string, allowed: readonly T[], usual: T): T =>
    allowed.find((one) => one === entries.get(key)) ?? usual;
  const number = (key: string, low: number, high: number, usual: number): number => {
    const value = Number(entries.get(key) ?? usual);
    return Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : usual;
  };
  const whole = (key: string, low: number, high: number, usual: number): number => Math.round(number(key, low, high, usual));
  const yes = (key: string, usual: boolean): boolean => (entries.has(key) ? entries.get(key) === '1' : usual);
  const place = (value: string): Place | undefined => readPlace(value, book);
  const center = (entries.get('center') ?? '').split(',').map(Number);
  const stops = entries.get('stops')?.split('~').slice(0, 50).map(place);
  const weights = (entries.get('weights') ?? '').split(',').map(Number);
  const [a = 0, b = 0, c = 0] = weights;
  const image = entries.get('image');
  return {
    tab: of('tab', TABS, first.tab),
    cursor: place(entries.get('at') ?? '') ?? first.cursor,
    center: center.length === 2 && center.every(Number.isFinite) ? [center[0]!, center[1]!] : first.center,
    zoom: number('zoom', 0.1, 1000, first.zoom),
    projection: of('map', PROJECTIONS, first.projection),
    colorBy: entries.get('color')?.slice(0, 200) ?? first.colorBy,
    shaded: yes('shade', first.shaded),
    show: of('show', SHOWN, first.show),
    tool: of('tool', TOOLS, first.tool),
    selection: entries.has('select') ? readNames(entries.get('select')!, book.names) : first.selection,
    walk: {
      mode: of('walk', MODES, first.walk.mode),
      stops: stops?.every((one) => one !== undefined) === true ? stops : first.walk.stops,
      gamma: number('gamma', 0, 1, first.walk.gamma),
      weights: weights.length === 3 && weights.every((w) => w >= 0) && Math.abs(a + b + c - 1) < 0.01 ? [a, b, c] : first.walk.weights,
    },
    loop: yes('loop', first.loop),
    seconds: number('seconds', 1, 60, first.seconds),
    image: image === 'drawn' ? undefined : whole('image', 0, 9999, first.image ?? 0),
    optimizer: {
      on: of('on', ['sample', 'drawn'], first.optimizer.on),
      steps: whole('steps', 1, 500, first.optimizer.steps),
      learningRate: number('rate', 0.0001, 1, first.optimizer.learningRate),
      batch: whole('batch', 1, 256, first.optimizer.batch),
      compareWeights: yes('compare', first.optimizer.compareWeights),
    },
    runtime: of('runtime', RUNTIMES, first.runtime),
    theme: of('theme', THEMES, first.theme),
  };
}

const short = (value: number): string => String(Number(value.toPrecision(5)));
const numbers = (values: readonly number[]): string => values.map(short).join(',');

/** For a page whose folder is not open yet: its theme and runtime are wanted first. */
export const readEarly = (text: string): Pick<View, 'theme' | 'runtime'> => {
  const { theme, runtime } = readAddress(text, FIRST_VIEW, { names: [], kept: [], linked: [] });
  return { theme, runtime };
};
