import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of random numbers. */
export interface Random {
  /** A whole number from 0 to `bound` − 1, all equally likely. */
  below(bound: number): number;
  /** A number from `low` up to, not including, `high`. */
  uniform(low?: number, high?: number): number;
  /** The numbers 0 to `count` − 1 in random order (Fisher and Yates). */
  permutation(count: number): Uint32Array;
  /** 1 or −1, each as likely. */
  signs(count: number): Int8Array;
}

/**
 * The random stream of one place in a run: a pure function of its keys, so that resuming at a step needs no generator state.
 *
 * @param keys name the place, for instance `(seed, 'images', epoch)`; other keys give another stream
 */
export function randomAt(...keys: readonly (number | string)[]): Random {
  const generator = xoroshiro128plusFromState(hash128(keys.map(String).join('\u0000')));
  const below = (bound: number) => uniformInt(generator, 0, bound - 1);
  return {
    below,
    uniform: (low = 0, high = 1) => low + (high - low) * uniformFloat64(generator),
    signs: (count) => Int8Array.from({ length: count }, () => 2 * below(2) - 1),
    permutation: (count) => {
      const order = Uint32Array.from({ length: count }, (_, i) => i);
      for (let last = count - 1; last > 0; last--) {
        const pick = below(last + 1);
        [order[last], order[pick]] = [order[pick]!, order[last]!];
      }
      return order;
    },
  };
}

/** A whole number from 0 to 2³² − 1 that stands for the keys, for libraries that need a seed. */
export const seedAt = (...keys: readonly (number | string)[]): number => randomAt(...keys).below(2 ** 32);

/**
 * Four 32-bit words from a text, each bit of which depends on each character: MurmurHash3's steps, once per word with its own start.
 *
 * @see https://github.com/aappleby/smhasher/wiki/MurmurHash3
 */
function hash128(text: string): number[] {
  return [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667].map((start) => {
    let hash = start;
    for (let i = 0; i < text.length; i++) {
      let word = Math.imul(text.charCodeAt(i), 0xcc9e2d51);
      word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
      hash ^= word;
      hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
    }
    hash ^= text.length;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  });
}
