import { limitOf, statistics, type Expectation } from '../expectation.js';
import { NEAR, type Tie } from './tie.js';

/** A gradient beside what the file says of it. */
export interface Compared {
  readonly name: string;
  /** Its name in a tie's move. */
  readonly key: string;
  readonly expectation: Expectation;
  readonly got: ArrayLike<number>;
  readonly tolerance: number;
}

export interface Explanation {
  /** The ties that the file decides the other way. */
  readonly turned: readonly Tie[];
  /** Each gradient as it is then, by name. */
  readonly gradients: ReadonlyMap<string, ArrayLike<number>>;
  /** How many compared elements missed before and do not now. */
  readonly excused: number;
}

/** One compared value: of which tensor, where, and by how many tolerances the file's is larger. */
interface Entry {
  readonly tensor: number;
  readonly index: number;
  readonly limit: number;
}

/**
 * Finds the near ties that explain how a file's gradients differ from ours: those which, decided the other way, bring the most compared
 * values within their tolerance, one after the other. Of the nearest ties alone, if those suffice.
 *
 * A tie is turned as a whole, in every gradient, by exactly what it moves: it explains nothing that it does not cause.
 */
export function explainMisses(compared: readonly Compared[], ties: readonly Tie[]): Explanation {
  const entries: Entry[] = compared.flatMap(({ expectation, tolerance }, tensor) => {
    const { indices, values } = placesOf(expectation);
    const scale = rmsOf(expectation);
    return indices.map((index, i) => ({ tensor, index, limit: limitOf(values[i]!, scale, tolerance) }));
  });
  const wanted = compared.flatMap(({ expectation }) => Array.from(placesOf(expectation).values));
  const before = entries.map(({ tensor, index, limit }, i) => (wanted[i]! - compared[tensor]!.got[index]!) / limit);
  const missed = before.flatMap((distance, i) => (Math.abs(distance) <= 1 ? [] : [i]));

  const candidates = ties.map((tie): Candidate => {
    const move = tie.move();
    const effect: [entry: number, by: number][] = [];
    entries.forEach(({ tensor, index, limit }, i) => {
      const by = (move.get(compared[tensor]!.key)?.[index] ?? 0) / limit;
      if (Math.abs(by) > SMALL) effect.push([i, by]);
    });
    return { tie, effect };
  });
  // The nearest ties first: among thousands that are less near, some fit by chance.
  let distances = before;
  let turned: readonly Turned[] = [];
  for (const near of NEARER) {
    const nearest = candidates.filter(({ tie }) => tie.distance <= near);
    ({ turned, distances } = turnBest(nearest, before));
    if (distances.every((distance) => Math.abs(distance) <= 1)) break;
  }
  const gradients = new Map<string, ArrayLike<number>>(compared.map(({ name, got }) => [name, Float64Array.from(got)]));
  for (const { tie, sign } of turned) {
    const move = tie.move();
    for (const { name, key } of compared) {
      const values = gradients.get(name) as Float64Array;
      move.get(key)?.forEach((by, i) => (values[i]! += sign * by));
    }
  }
  return { turned: turned.map(({ tie }) => tie), gradients, excused: missed.filter((entry) => Math.abs(distances[entry]!) <= 1).length };
}

/** A tie, and by how many tolerances it moves which entries. */
interface Candidate {
  readonly tie: Tie;
  readonly effect: readonly (readonly [entry: number, by: number])[];
}

interface Turned {
  readonly tie: Tie;
  readonly sign: number;
}

/** Turns, one after the other, the tie that brings the squared distances down most; gives what is left of the distances. */
function turnBest(candidates: readonly Candidate[], before: readonly number[]) {
  const left = [...candidates];
  const distances = [...before];
  const turned: Turned[] = [];
  for (;;) {
    let best: { readonly candidate: number; readonly sign: number } | undefined;
    let most = 0;
    left.forEach(({ effect }, candidate) => {
      const along = effect.reduce((sum, [entry, by]) => sum + by * distances[entry]!, 0);
      const size = effect.reduce((sum, [, by]) => sum + by * by, 0);
      const gain = 2 * Math.abs(along) - size; // by which the sum of squared distances falls
      if (gain <= most) return;
      most = gain;
      best = { candidate, sign: Math.sign(along) };
    });
    if (best === undefined || most < WORTH) break;
    const { candidate, sign } = best;
    const [{ tie, effect }] = left.splice(candidate, 1) as [Candidate];
    for (const [entry, by] of effect) distances[entry]! -= sign * by;
    turned.push({ tie, sign });
  }
  return { turned, distances };
}

/** How near the ties are of which an explanation is made, in turn. */
const NEARER = [5, 4, 3, 2, 1, 0].map((halvings) => NEAR / 2 ** halvings);
/** Effects below this many tolerances are left out of the search. */
const SMALL = 0.01;
/** A tie is turned only if that brings the sum of squared distances down by more than one value at its tolerance. */
const WORTH = 1;

const placesOf = (expectation: Expectation): { readonly indices: readonly number[]; readonly values: ArrayLike<number> } =>
  expectation.kind === 'checksum'
    ? { indices: Array.from(expectation.indices), values: expectation.values }
    : { indices: Array.from(expectation.values, (_, i) => i), values: expectation.values };

const rmsOf = (expectation: Expectation): number => {
  const { mean, std } = expectation.kind === 'checksum' ? expectation : statistics(expectation.values);
  return Math.hypot(mean, std);
};
