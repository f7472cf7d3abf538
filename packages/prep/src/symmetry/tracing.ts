import type * as tf from '@tensorflow/tfjs-core';

import type { Axis } from './axis.js';
import type { Label, LayerSums, Shift } from './label.js';

/** One kernel of TensorFlow.js that an architecture calls, with labels instead of tensors. */
export interface KernelCall {
  readonly kernel: string;
  /** By the name of the input, or by number where a kernel takes a list. */
  readonly inputs: Readonly<Record<string, Label>>;
  /** All inputs in order. */
  readonly list: readonly Label[];
  readonly attributes: Attributes;
  readonly tracing: Tracing;
}

/** Attributes of a kernel call, of which each kernel has its own. */
export type Attributes = Readonly<Record<string, unknown>>;

/** What a kernel gives for what it gets. */
export type Rule = (call: KernelCall) => Label | readonly Label[];

/** Where an architecture contracts an axis: a layer reads all units along it. */
export interface Reading {
  /** Number of the kernel call from the beginning, and which kernel it is. */
  readonly call: number;
  readonly kernel: string;
  /** Which input of the kernel, and which of its axes. */
  readonly input: string;
  readonly place: number;
  readonly axis: Axis;
}

/** What is found while an architecture runs on labels. */
export interface Tracing {
  /** Kernel calls so far, and which kernel the last one is. */
  calls: number;
  kernel: string;
  readonly readings: Reading[];
  /** Layers with a bias, in the order in which they run. */
  readonly layers: LayerSums[];
  /** Parameters that something reads. */
  readonly used: Set<number>;
  /** 2π over the factor of the sines and cosines that a parameter is added in. */
  readonly periods: Map<number, number>;
  /** Parameters that enter otherwise too. */
  readonly aperiodic: Set<number>;
}

export const newTracing = (): Tracing => ({
  calls: 0,
  kernel: '',
  readings: [],
  layers: [],
  used: new Set(),
  periods: new Map(),
  aperiodic: new Set(),
});

/** Writes down that parameters enter in another way than inside a sine. */
export function loseShifts(tracing: Tracing, labels: readonly Label[]): void {
  for (const { parameter } of labels.flatMap(({ shifts }) => shifts)) tracing.aperiodic.add(parameter);
}

/** Writes down the period of parameters that are added inside a sine or cosine. */
export function enterSine(tracing: Tracing, shifts: readonly Shift[]): void {
  for (const { parameter, factor } of shifts) {
    const period = Math.abs((2 * Math.PI) / factor);
    if ((tracing.periods.get(parameter) ?? period) !== period || !Number.isFinite(period)) tracing.aperiodic.add(parameter);
    tracing.periods.set(parameter, period);
  }
}

export const numberIn = (attributes: Attributes, key: string): number => Number(attributes[key]);
export const numbersIn = (attributes: Attributes, key: string): readonly number[] => attributes[key] as readonly number[];
export const textIn = (attributes: Attributes, key: string): string => String(attributes[key]);

/** An axis counted from the front. */
export const placeOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

export type DataType = tf.DataType;
