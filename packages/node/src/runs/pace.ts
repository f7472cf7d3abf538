/** How fast something goes on. */
export interface Pace {
  readonly perSecond: number;
  readonly secondsLeft: number;
}

/**
 * Measures a pace from the first thing that is done: the time before it is that of loading, and of a run that goes on after a stop much is
 * done already.
 *
 * @returns a function that takes how many of the total are done; undefined before two of its calls differ
 */
export function paceMeter(total: number): (done: number) => Pace | undefined {
  let first: { readonly done: number; readonly at: number } | undefined;
  return (done) => {
    const at = Date.now() / 1000;
    first ??= { done, at };
    if (done <= first.done || at <= first.at) return undefined;
    const perSecond = (done - first.done) / (at - first.at);
    return { perSecond, secondsLeft: Math.max(0, total - done) / perSecond };
  };
}

/** `12 a second`, or `3.2 s each` of what takes longer. */
export const rateText = ({ perSecond }: Pace): string =>
  perSecond >= 1 ? `${short(perSecond)} a second` : `${short(1 / perSecond)} s each`;

const short = (value: number): string => (value >= 9.95 ? value.toFixed(0) : value.toFixed(1));

/** `40 s left`, `12 min left`, `1 h 20 min left`. */
export function timeLeftText({ secondsLeft }: Pace): string {
  if (secondsLeft < 59.5) return `${Math.ceil(secondsLeft)} s left`;
  const minutes = Math.round(secondsLeft / 60);
  if (minutes < 60) return `${minutes} min left`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}
