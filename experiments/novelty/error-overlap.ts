/**
 * How far two networks make the same mistakes: `|A ∩ B| / |A ∪ B|`, A and B being the images that either gets wrong. 1 for a copy, and for two
 * networks without a mistake.
 *
 * @param a and `b`: the class that each network gives each image
 * @param labels the right ones
 * @see Zeng et al., "Generative Modeling of Weights: Generalization or Memorization?", arXiv:2506.07998
 */
export function errorOverlap(a: ArrayLike<number>, b: ArrayLike<number>, labels: ArrayLike<number>): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    const [ofA, ofB] = [a[i] !== labels[i], b[i] !== labels[i]];
    if (ofA && ofB) both++;
    if (ofA || ofB) either++;
  }
  return either === 0 ? 1 : both / either;
}
