import type { RawTensor } from '@netspace/formats';
import { NetSpaceError } from '@netspace/prep';
import { count, finite, normalStream, objectOf, parseOptions, positive, randomStream, seed, type UsedBy, withDefault } from '@netspace/prep/internal'; // prettier-ignore
import { datasetFromTensors, type TensorDataset } from '@netspace/zoo';

import type { DatasetSplit } from './dataset-split.js';

const shared = {
  /**
   * How many inputs there are in each half.
   * @default 4096
   */
  count: withDefault(count, 4096),
  /** @default 0 */
  seed: withDefault(seed, 0),
};
const OPTIONS = {
  normal: objectOf({
    ...shared,
    /** @default 0 */
    mean: withDefault(finite, 0),
    /** @default 1 */
    std: withDefault(positive, 1),
  }),
  uniform: objectOf({
    ...shared,
    /** @default -1 */
    low: withDefault(finite, -1),
    /** @default 1 */
    high: withDefault(finite, 1),
  }),
};

/** Most numbers of one half. */
const MOST_NUMBERS = 2 ** 27;
const FORM = 'normal:SHAPE or uniform:SHAPE, such as normal:28x28x1#count=1000 or uniform:image=28x28x1,age=1#low=0';

/** Whether a data set is drawn, and not read. */
export const isRandomSpec = (spec: string): boolean => /^(normal|uniform):/.test(spec);

/**
 * Reads the name of random inputs: `normal:28x28x1`, or `uniform:image=28x28x1,age=1` for networks of several inputs, with options behind it as
 * files of tensors have them. Both halves are drawn from the seed, and differ.
 *
 * @throws NetSpaceError `INVALID_OPTION` for another form, or an option that is unknown or wrong; `LIMIT_EXCEEDED` for too many numbers
 */
export function parseRandomSpec(spec: string): (split: DatasetSplit) => TensorDataset {
  const [head = '', ...words] = spec.split('#');
  const [, kind, rest = ''] = /^(normal|uniform):(.+)$/.exec(head) ?? [];
  if (kind === undefined) throw refused('INVALID_OPTION', FORM, spec, 'give a shape');
  const shapes = rest.split(',').map((word) => shapeOf(spec, word));
  const named = shapes.filter(({ name }) => name !== undefined).length;
  if (named !== (shapes.length > 1 ? shapes.length : 0)) {
    throw refused('INVALID_OPTION', FORM, spec, 'one input has no name, several have one each');
  }
  const given = Object.fromEntries(words.map((word) => settingOf(spec, word)));
  const settings = kind === 'normal' ? parseOptions(spec, OPTIONS.normal, given) : parseOptions(spec, OPTIONS.uniform, given);
  const each = shapes.map(({ sides }) => sides.reduce((size, side) => size * side, 1));
  const size = settings.count * each.reduce((sum, one) => sum + one, 0);
  if (size > MOST_NUMBERS) throw refused('LIMIT_EXCEEDED', `at most ${MOST_NUMBERS} random numbers`, `${size} of ${spec}`, 'lower count');
  return (split) => {
    const numbers = drawn(settings, split);
    const tensors = shapes.map(({ name, sides }, i): [string, RawTensor] => [
      name ?? 'inputs',
      { dtype: 'F32', shape: [settings.count, ...sides], data: Float32Array.from({ length: settings.count * each[i]! }, numbers) },
    ]);
    const feeds = shapes.flatMap(({ name }) => name ?? []);
    return datasetFromTensors(new Map(tensors), { name: `${head}, ${split} half`, ...(feeds.length > 0 && { feeds }) });
  };
}

function drawn(settings: UsedBy<(typeof OPTIONS)[keyof typeof OPTIONS]>, split: DatasetSplit): () => number {
  const uniform = randomStream(settings.seed, split === 'train' ? 0 : 1);
  if ('low' in settings) return () => settings.low + (settings.high - settings.low) * uniform();
  const normal = normalStream(uniform);
  return () => settings.mean + settings.std * normal();
}

/** `28x28x1`, or `image=28x28x1`. */
function shapeOf(spec: string, word: string): { readonly name: string | undefined; readonly sides: readonly number[] } {
  const [, name, sides] = /^(?:(.+)=)?(\d+(?:x\d+)*)$/.exec(word) ?? [];
  const numbers = (sides ?? '').split('x').map(Number);
  if (sides !== undefined && numbers.every((side) => side > 0)) return { name, sides: numbers };
  throw refused('INVALID_OPTION', FORM, spec, 'sizes are positive integers with x between them');
}

function settingOf(spec: string, word: string): readonly [string, unknown] {
  const [, key, value] = /^([^=]+)=(.+)$/.exec(word) ?? [];
  if (key === undefined || value === undefined) throw refused('INVALID_OPTION', FORM, spec, `give #${word} a value`);
  return [key, Number.isFinite(Number(value)) ? Number(value) : value];
}

const refused = (code: 'INVALID_OPTION' | 'LIMIT_EXCEEDED', expected: string, got: string, remedy: string): NetSpaceError =>
  new NetSpaceError(code, `expected ${expected}, got ${got}; ${remedy}`);
