import type * as tf from '@tensorflow/tfjs-core';

import type { Architecture, Instance, PRepShape } from '../architecture.js';
import { objectOf, type Option, valueOf, withDefault } from './options.js';

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** `4` for `'4'`: a number that came as text, as from a form or a command line. */
const asNumber = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? String(Number(value)) : undefined;

/** A finite number that passes a test. */
export const numberOf = (what: string, holds: (value: number) => boolean): Option<number> =>
  valueOf<number>(what, (value) => isNumber(value) && holds(value), asNumber);

export const finite = numberOf('a finite number', () => true);
export const positive = numberOf('a positive number', (value) => value > 0);
export const nonNegative = numberOf('a number from 0 up', (value) => value >= 0);
/** A number from 0 to 1. */
export const share = numberOf('a number from 0 to 1', (value) => value >= 0 && value <= 1);
/** A number from 0 to 1, 1 left out, as the decay of a running mean. */
export const decay = numberOf('a number from 0 up and below 1', (value) => value >= 0 && value < 1);
/** A positive integer. */
export const count = numberOf('a positive integer', (value) => Number.isInteger(value) && value >= 1);
/** An integer from 0 up. */
export const whole = numberOf('an integer from 0 up', (value) => Number.isInteger(value) && value >= 0);
/** The seed of everything that is drawn at random. */
export const seed = numberOf('an integer from 0 up', (value) => Number.isInteger(value) && value >= 0);

export const flag: Option<boolean> = valueOf<boolean>('true or false', (value) => typeof value === 'boolean', (value) => (value === 'true' || value === 'false' ? value : undefined)); // prettier-ignore
export const text: Option<string> = valueOf<string>('text', (value) => typeof value === 'string');

/** A function; its arguments and its result are not checked. */
export const functionOf = <F extends (...args: never[]) => unknown>(): Option<F> =>
  valueOf<F>('a function', (value) => typeof value === 'function');

export const abortSignal: Option<AbortSignal> = valueOf<AbortSignal>('an AbortSignal', (value) => hasKeys(value, ['aborted', 'addEventListener'])); // prettier-ignore

const limit = valueOf<number>('a number from 0 up', (value) => typeof value === 'number' && value >= 0, asNumber);

/** Limits of a reader. Each may be raised, also to Infinity, or lowered by itself. */
export const limitsOf = <L extends Readonly<Record<keyof L, number>>>(defaults: L): Option<Partial<L> | undefined, L> =>
  withDefault(
    objectOf(Object.fromEntries(Object.entries<number>(defaults).map(([key, value]) => [key, withDefault(limit, value)]))),
    {},
  ) as unknown as Option<Partial<L> | undefined, L>;

/** An object of another library, recognized by some of its keys. It is not copied. */
export const thing = <T>(what: string, keys: readonly (keyof T & string)[]): Option<T> => valueOf<T>(what, (value) => hasKeys(value, keys));

/** Height and width of a PRep. */
export const prepShape: Option<PRepShape> = valueOf<PRepShape>('[height, width] in positive integers, such as [8, 400]', isShape, (value) => {
  const sides = typeof value === 'string' ? value.match(/\d+/g) : undefined;
  return sides?.length === 2 && sides.every((side) => Number(side) > 0) ? `[${sides.map(Number).join(', ')}]` : undefined;
}); // prettier-ignore

function isShape(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((side) => Number.isInteger(side) && (side as number) > 0);
}

const hasKeys = (value: unknown, keys: readonly string[]): boolean =>
  typeof value === 'object' && value !== null && keys.every((key) => key in value);

/** A tensor of any shape and type. */
export const tensor: Option<tf.Tensor> = thing<tf.Tensor>('a tensor', ['shape', 'dtype', 'dataId']);

/** Any value. */
export const anything: Option<unknown> = valueOf<unknown>('anything', () => true);

const isInstance = (value: unknown): boolean => hasKeys(value, ['architecture', 'parameters']);

/** A network with its architecture. */
export const instance: Option<Instance> = valueOf<Instance>('an instance', isInstance);
export const instances: Option<readonly Instance[]> = valueOf<readonly Instance[]>(
  'a list of at least one instance',
  (value) => Array.isArray(value) && value.length > 0 && value.every(isInstance),
  (value) => {
    if (isInstance(value)) return '[instance]';
    const ofStore = Array.isArray(value) && value.length > 0 && value.every((one) => hasKeys(one, ['instance']));
    return ofStore ? 'list.map(({ instance }) => instance)' : undefined; // the loadAll of a store
  },
);
const ARCHITECTURE = ['name', 'parameters', 'apply'] as const;
export const architecture: Option<Architecture> = thing<Architecture>('an architecture', ARCHITECTURE);
export const architectures: Option<readonly Architecture[]> = valueOf<readonly Architecture[]>(
  'a list of architectures',
  (value) => Array.isArray(value) && value.every((one) => hasKeys(one, ARCHITECTURE)),
  (value) => {
    if (hasKeys(value, ARCHITECTURE)) return '[architecture]';
    return Array.isArray(value) && value.some((one) => typeof one === 'string') ? 'names.map(architectureByName)' : undefined;
  },
);
/** One ClassId for each network. */
export const classIds: Option<readonly number[]> = valueOf<readonly number[]>(
  'a list of ClassIds, integers from 0 up',
  (value) => Array.isArray(value) && value.every((id) => Number.isInteger(id) && id >= 0),
);
