/**
 * A stream of uniform random numbers in [0, 1), the same for the same seeds on every machine.
 *
 * Several seeds name a stream of their own, such as `(seed, step)`: a batch drawn from it depends on nothing that came before.
 *
 * @see Chris Doty-Humphrey, PractRand: the generator is sfc32
 */
export function randomStream(...seeds: readonly number[]): () => number {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 1];
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (const seed of seeds) {
    a ^= seed | 0;
    b ^= Math.floor(seed / 4294967296) | 0; // seeds above 32 bits count whole
    for (let i = 0; i < 12; i++) next();
  }
  return next;
}

/** Turns uniform numbers into standard normal ones, two for two (Box and Muller 1958). */
export function normalStream(uniform: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** The numbers from 0 to `count` − 1 in random order (Fisher and Yates). */
export function randomPermutation(count: number, uniform: () => number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
