import type { ExplorerManifest } from '../folder/manifest.js';

/** What the places and figures of networks are of, where that is not the encoder alone; undefined where it is. */
export function placesLabel({
  refineSteps,
  freeEmbeddings = false,
}: Pick<ExplorerManifest, 'refineSteps' | 'freeEmbeddings'>): string | undefined {
  if (refineSteps !== undefined)
    return `Places and figures are of refined encodings, each moved in ${refineSteps} steps. The encoder alone is worse.`;
  if (freeEmbeddings)
    return 'The space was trained with free embeddings. Places and figures are guesses of its encoder: refining a network finds a better place.';
  return undefined;
}

/** A share as a percentage: `63.2 %`. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A long name in so many letters: its middle is left out, since names of a family differ at their ends. */
export function shortened(name: string, most: number): string {
  if (name.length <= most) return name;
  const half = name.slice(-Math.floor((most - 1) / 2));
  // From the first hyphen on: half a number says less than none.
  const hyphen = half.indexOf('-');
  const end = hyphen > 0 && hyphen < half.length - 2 ? half.slice(hyphen) : half;
  return `${name.slice(0, most - 1 - end.length)}…${end}`;
}

/** A number in at most four figures. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  return Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

/** `lenet-like-1x28x28-10-w0.25` as people say it: `LeNet-like`, followed by what differs from others. */
export function architectureLabel(name: string): string {
  const [, hidden, layers] = /^siren-\d+-(\d+)x(\d+)-\d+/.exec(name) ?? [];
  if (hidden !== undefined) return `SIREN ${layers} × ${hidden}`;
  const [, family = name, rest = ''] = /^([a-z-]+?\d*)(?:-(\d+x.*))?$/.exec(name) ?? [];
  const said = FAMILIES[family];
  if (said === undefined) return name;
  const width = /-w([\d.]+)/.exec(rest)?.[1];
  return width === undefined ? said : `${said} ×${width}`;
}

const FAMILIES: Readonly<Record<string, string>> = {
  'lenet-like': 'LeNet-like',
  'vanilla-cnn': 'Vanilla CNN',
  resnet8: 'ResNet8',
  resnet32: 'ResNet32',
};

const METRICS: Readonly<Record<string, string>> = { length: 'training length', iou: 'IoU', mse: 'mean squared error' };

/** `testAccuracy` as people say it: `test accuracy`. */
export const metricLabel = (name: string): string =>
  Object.hasOwn(METRICS, name)
    ? METRICS[name]!
    : name
        .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
        .replaceAll(/[_-]/g, ' ')
        .toLowerCase();

/** Whether a metric is a share, shown as a percentage. */
export const isShare = (name: string): boolean => /accuracy|agreement|iou/i.test(name) && !/correlation/i.test(name);

export const metricValue = (name: string, value: number): string =>
  isShare(name) && Math.abs(value) <= 1 ? percent(value) : figure(value);

/** Bytes as people say them. */
export const bytesLabel = (bytes: number): string =>
  bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : bytes >= 1e3 ? `${Math.round(bytes / 1e3)} kB` : `${bytes} bytes`;
