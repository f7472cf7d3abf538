import type { Architecture, ChannelPiece, Instance, ParameterSpec } from '@netspace/prep';
import { describeSymmetries, interceptKernels, runOnLabels, withAllOutputs } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import type { Arrangement } from './arrangement.js';
import { assign } from './assign.js';
import { otherCourse } from './other-course.js';
import type { Similarities, SignedSimilarities } from './similarities.js';

/** Numbers of each unit that are compared, at most, for each layer that reads it. */
const SAMPLES = 1024;

/** An arrangement in terms of groups that were found by running the architecture. */
export interface ActivationMatch extends Arrangement {
  readonly specs: readonly ParameterSpec[];
}

/** What one layer reads of the units of a group. */
interface Reading {
  readonly call: number;
  readonly kernel: string;
  readonly input: string;
  readonly place: number;
  readonly pieces: readonly ChannelPiece[];
}

/**
 * The order of the units, and their signs, in which what the next layers read of them correlates best with that of the reference on the same
 * inputs. Each group is one linear assignment: nothing is repeated, and no order is a beginning.
 *
 * @see Li, Yosinski, Clune, Lipson, Hopcroft, "Convergent Learning", arXiv:1511.07543; Ainsworth et al., arXiv:2209.04836, section 3.1
 */
export async function matchActivations(
  reference: Instance,
  instance: Instance,
  { inputs, signs }: { readonly inputs: tf.Tensor; readonly signs: boolean },
): Promise<ActivationMatch> {
  const { architecture } = instance;
  const run = runOnLabels(withAllOutputs(architecture), inputs.shape);
  const { specs, channelsOf } = describeSymmetries(architecture.parameters, run);
  const sizes = new Map<string, number>();
  const readings = run.readings.flatMap(({ axis, ...reading }): Reading[] => {
    const channels = channelsOf(axis);
    if (channels === undefined) return [];
    const pieces = typeof channels === 'string' ? [[{ size: axis.size, channels }]] : channels;
    for (const factor of pieces.flat()) if (factor.channels !== undefined) sizes.set(factor.channels, factor.size);
    return [{ ...reading, pieces }];
  });
  const [mine, theirs] = [await record(reference, inputs, readings), await record(instance, inputs, readings)];
  const units = unitsOf(specs);
  const found: { orders: Map<string, readonly number[]>; signs: Map<string, readonly number[]> } = { orders: new Map(), signs: new Map() };
  for (const [group, size] of sizes) {
    const products = new Float64Array(size * size);
    readings.forEach(({ pieces }, i) => {
      const [a, b] = [mine, theirs].map((recorded) => activationsOf(recorded[i]!, pieces, group));
      a!.forEach((units, j) => addCorrelations(units, b![j]!, products));
    });
    const best = assign(similarities(size, products, signs ? units.get(group) : undefined));
    found.orders.set(group, best.order);
    for (const [name, all] of best.signs) found.signs.set(name, all);
  }
  return { ...found, specs };
}

function similarities(size: number, products: Float64Array, units: string | undefined): Similarities {
  const none = new Float64Array(size * size);
  const signed = new Map<string, SignedSimilarities>(units === undefined ? [] : [[units, { products, equal: none, opposite: none }]]);
  return { size, plain: units === undefined ? products : none, signed };
}

/** The units whose sign may change, by group. */
function unitsOf(specs: readonly ParameterSpec[]): ReadonlyMap<string, string> {
  const units = new Map<string, string>();
  for (const { channels = [], signs = [] } of specs) {
    signs.forEach((name, axis) => {
      const group = channels[axis];
      if (name !== undefined && typeof group === 'string') units.set(group, name);
    });
  }
  return units;
}

/** Numbers along the axis that a layer reads, at most so many for each. */
interface Recorded {
  /** `[size, samples]`, row-major. */
  readonly values: Float32Array;
  readonly samples: number;
}

/** Runs a network and keeps what its layers read, without reading from the device while it runs. */
async function record(
  { architecture, parameters }: Instance,
  inputs: tf.Tensor,
  readings: readonly Reading[],
): Promise<readonly Recorded[]> {
  const byCall = new Map<number, { readonly reading: Reading; readonly i: number }[]>();
  readings.forEach((reading, i) => byCall.set(reading.call, [...(byCall.get(reading.call) ?? []), { reading, i }]));
  const kept = Array<tf.Tensor | undefined>(readings.length);
  try {
    interceptKernels(
      (run, call, kernel, given, attributes) => {
        for (const { reading, i } of byCall.get(call) ?? []) {
          if (reading.kernel === kernel) kept[i] = tf.keep(alongAxis(given[reading.input]!, reading.place));
        }
        return run(kernel, given, attributes);
      },
      () => tf.tidy(() => void withAllOutputs(architecture as Architecture).apply(parameters, inputs)),
    );
    if (kept.includes(undefined)) throw otherCourse('align', architecture.name);
    return await Promise.all(kept.map(async (tensor) => ({ values: await tensor!.data<'float32'>(), samples: tensor!.shape[1]! })));
  } finally {
    tf.dispose(kept.flatMap((tensor) => tensor ?? []));
  }
}

/** `[size, samples]`: one axis in front, and numbers evenly spread over all others. */
function alongAxis(tensor: tf.Tensor, place: number): tf.Tensor2D {
  return tf.tidy(() => {
    const order = [place, ...tensor.shape.map((_, axis) => axis).filter((axis) => axis !== place)];
    const rows = tf.reshape(tf.transpose(tensor, order), [tensor.shape[place]!, -1]) as tf.Tensor2D;
    const count = rows.shape[1];
    if (count <= SAMPLES) return rows;
    const places = Int32Array.from({ length: SAMPLES }, (_, i) => Math.floor((i * count) / SAMPLES));
    return tf.gather(rows, tf.tensor1d(places, 'int32'), 1);
  });
}

/** `[size][…]`: what is known of each unit of a group, once for each place that the group has along the axis. */
function activationsOf(
  { values, samples }: Recorded,
  pieces: readonly ChannelPiece[],
  group: string,
): readonly (readonly Float32Array[])[] {
  const found: Float32Array[][] = [];
  let begin = 0;
  for (const piece of pieces) {
    const length = piece.reduce((product, { size }) => product * size, 1);
    let inner = length;
    for (const { size, channels } of piece) {
      inner /= size;
      if (channels !== group) continue;
      const outer = length / size / inner;
      found.push(
        Array.from({ length: size }, (_, unit) => {
          const row = new Float32Array(outer * inner * samples);
          for (let o = 0; o < outer; o++) {
            const from = (begin + (o * size + unit) * inner) * samples;
            row.set(values.subarray(from, from + inner * samples), o * inner * samples);
          }
          return row;
        }),
      );
    }
    begin += length;
  }
  return found;
}

/** `into[i, j] += corr(a_i, b_j)` */
function addCorrelations(a: readonly Float32Array[], b: readonly Float32Array[], into: Float64Array): void {
  const [mine, theirs] = [a.map(standardized), b.map(standardized)];
  mine.forEach((x, i) =>
    theirs.forEach((y, j) => {
      let product = 0;
      for (let k = 0; k < x.length; k++) product += x[k]! * y[k]!;
      into[i * mine.length + j]! += product;
    }),
  );
}

/** Mean 0, length 1; zeros for what is constant. */
function standardized(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const length = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  return values.map((value) => (length > 1e-6 * Math.abs(mean) ? (value - mean) / length : 0));
}
