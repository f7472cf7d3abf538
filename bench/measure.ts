import type { Contender } from './contender.js';

/** Times of one contender, in seconds, and the peak memory of its process, in bytes. */
export interface Measurement {
  readonly contender: string;
  readonly about: Readonly<Record<string, unknown>>;
  readonly seconds: readonly number[];
  readonly median: number;
  readonly peakBytes: number;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** Lets the contenders take turns, A B A B …: a machine whose speed drifts slows all of them alike. The warm-up is not counted. */
export async function measure(
  contenders: readonly Contender[],
  { rounds, warmup = 2 }: { readonly rounds: number; readonly warmup?: number },
): Promise<Measurement[]> {
  const seconds = contenders.map((): number[] => []);
  const peaks = contenders.map(() => 0);
  for (let round = -warmup; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const taken = await contender.run();
      if (round >= 0) seconds[index]!.push(taken.seconds);
      peaks[index] = Math.max(peaks[index]!, taken.peakBytes);
    }
  }
  return contenders.map(({ name, about }, index) => ({
    contender: name,
    about,
    seconds: seconds[index]!,
    median: median(seconds[index]!),
    peakBytes: peaks[index]!,
  }));
}
