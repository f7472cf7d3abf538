import { randomPermutation, randomStream } from '@netspace/prep/internal';

/** More images a step, or to measure on, take time and say little more. */
export const LARGEST_BATCH = 512;

/** The images of a step: all are seen once before any is seen again. */
export function imagesOfStep(indices: readonly number[], batch: number, step: number): number[] {
  const size = Math.min(Math.floor(batch), LARGEST_BATCH, indices.length);
  const perRound = Math.max(1, Math.floor(indices.length / size));
  const order = randomPermutation(indices.length, randomStream(5, Math.floor(step / perRound)));
  const from = (step % perRound) * size;
  return Array.from(order.subarray(from, from + size), (i) => indices[i]!);
}
