import type { NetSpace } from '@netspace/model';
import { disposeInstances } from '@netspace/prep';
import { evaluateSdf, extractMesh, type Picture, type SdfField, type SeatDesign, type TriangleMesh } from '@netspace/shapes';
import * as tf from '@tensorflow/tfjs-core';

import { drawShape } from '../sdf/pictures.js';
import type { Shape } from '../sdf/shape-zoo.js';
import type { SeatsConfig } from './config.js';
import type { MeasuredSeat } from './reconstruction.js';

/** A seat made by rule, with its design. */
export interface DesignedSeat {
  readonly design: SeatDesign;
  readonly mesh: TriangleMesh & { readonly scale: number };
}

export type DesignOf = (name: string) => DesignedSeat;

/** Seats whose arms are as wanted, before their embeddings are moved and after. */
export interface Changed {
  readonly seats: number;
  /** Share that has arms, by {@link hasArms}: of the targets themselves, of what their embeddings decode to, and of what moved ones do. */
  readonly targets: number;
  readonly before: number;
  readonly after: number;
}

export interface Arms {
  /** The mean embedding of known seats with arms minus that of known seats without, added to held-out seats without. */
  readonly on: Changed;
  /** The same subtracted from held-out seats with arms. */
  readonly off: Changed;
}

/** Points along each axis of the space at a side. */
const PROBES = [16, 16, 6] as const;
/** Share of the points at each side that arms fill at least; a bar of the thinnest drawn fills some 4 %. */
const FILLED = 0.015;

/**
 * Whether a shape has arms: at both sides of the seat, there is something above it, where the back of no seat is.
 *
 * A side is from 0.3 to 1.05 of half the width, 4 to 28 cm above the seat, and from 35 % to 50 % of the depth of the whole, seen from in front.
 */
export async function hasArms(field: SdfField, { design: { seat }, mesh }: DesignedSeat): Promise<boolean> {
  const { scale, positions } = mesh;
  const [lowY, lowZ, highZ] = [least(positions, 1, 1), least(positions, 2, 1), -least(positions, 2, -1)];
  const low = [0.15 * seat.width * scale, lowY + (seat.height + 0.04) * scale, lowZ + 0.35 * (highZ - lowZ)] as const;
  const high = [0.525 * seat.width * scale, lowY + (seat.height + 0.28) * scale, lowZ + 0.5 * (highZ - lowZ)] as const;
  const [columns, rows, layers] = PROBES;
  const count = columns * rows * layers;
  for (const side of [-1, 1]) {
    const points = new Float32Array(3 * count);
    for (let i = 0; i < count; i++) {
      const steps = [i % columns, Math.floor(i / columns) % rows, Math.floor(i / columns / rows)] as const;
      for (const axis of [0, 1, 2] as const) {
        const at = low[axis] + ((steps[axis] + 0.5) / PROBES[axis]) * (high[axis] - low[axis]);
        points[3 * i + axis] = axis === 0 ? side * at : at;
      }
    }
    const values = await evaluateSdf(field, points);
    if (values.filter((value) => value < 0).length < FILLED * count) return false;
  }
  return true;
}

/** The least of a coordinate times a sign. */
const least = (positions: Float32Array, axis: number, sign: number): number =>
  positions.reduce((low, value, i) => (i % 3 === axis ? Math.min(low, sign * value) : low), Infinity);

/** Adds arms to held-out seats and takes them away, in embeddings, among seats with a back. Pictures: target's mesh, before, after. */
export async function latentArms(
  space: NetSpace,
  {
    known,
    embeddings,
    heldOut,
    designOf,
    bounds,
    resolution,
  }: Pick<SeatsConfig, 'bounds' | 'resolution'> & {
    readonly known: readonly Shape[];
    /** Of the known seats, `[N, E]`. */
    readonly embeddings: tf.Tensor2D;
    readonly heldOut: readonly MeasuredSeat[];
    readonly designOf: DesignOf;
  },
): Promise<{ readonly arms: Arms; readonly pictures: Readonly<Record<keyof Arms, readonly (readonly Picture[])[]>> }> {
  const armed = (name: string): boolean => designOf(name).design.arms !== undefined;
  const backed = [...known.keys()].filter((i) => designOf(known[i]!.name).design.back !== undefined);
  const meanOf = (wanted: boolean) => meanOfRows(embeddings, backed.filter((i) => armed(known[i]!.name) === wanted)); // prettier-ignore
  const toArms = tf.tidy(() => tf.sub(meanOf(true), meanOf(false)));
  const held = heldOut.filter(({ shape }) => designOf(shape.name).design.back !== undefined);
  const on = await changed(held.filter(({ shape }) => !armed(shape.name)), 1); // prettier-ignore
  const off = await changed(held.filter(({ shape }) => armed(shape.name)), -1); // prettier-ignore
  toArms.dispose();
  return { arms: { on: on.changed, off: off.changed }, pictures: { on: on.pictures, off: off.pictures } };

  async function changed(seats: readonly MeasuredSeat[], sign: number) {
    if (seats.length === 0) throw new Error('expected held-out seats with a back both with arms and without; make more seats');
    const counts = { targets: 0, before: 0, after: 0 };
    const pictures: Picture[][] = [];
    for (const { shape, embedding } of seats) {
      const seat = designOf(shape.name);
      const moved = tf.tidy(() => tf.add(embedding, tf.mul(toArms, sign)) as tf.Tensor2D);
      const [before] = await space.instantiate(embedding);
      const [after] = await space.instantiate(moved).finally(() => moved.dispose());
      counts.targets += Number(await hasArms(shape.instance, seat));
      counts.before += Number(await hasArms(before!, seat));
      counts.after += Number(await hasArms(after!, seat));
      const surfaces = [shape.mesh, await extractMesh(before!, { resolution, bounds }), await extractMesh(after!, { resolution, bounds })];
      pictures.push(surfaces.map(drawShape));
      disposeInstances([before!, after!]);
    }
    const share = (count: number): number => count / seats.length;
    const { targets, before, after } = counts;
    return {
      changed: { seats: seats.length, targets: share(targets), before: share(before), after: share(after) } satisfies Changed,
      pictures,
    };
  }
}

/** `[1, E]` */
function meanOfRows(embeddings: tf.Tensor2D, rows: readonly number[]): tf.Tensor2D {
  if (rows.length === 0) throw new Error('expected known seats with a back both with arms and without; make more seats');
  return tf.mean(tf.gather(embeddings, tf.tensor1d([...rows], 'int32')), 0, true);
}
