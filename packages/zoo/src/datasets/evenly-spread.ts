/**
 * Indices of a few among many, evenly spread: a fair sample of a data set whose images are sorted by class.
 *
 * @param count how many, at most `among`
 * @param among how many there are
 * @returns `floor(i · among / count)` for each `i < count`
 */
export const evenlySpread = (count: number, among: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.floor((i * among) / count));
