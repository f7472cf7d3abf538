/** How fast something goes on. */
export interface Pace {
  readonly perSecond: number;
  readonly secondsLeft: number;
}

/** How much of something is done at a time, in seconds. */
interface Mark {
  readonly done: number;
  readonly at: number;
}

/** The first seconds are slower than the rest: kernels are compiled, and memory is asked for. */
const WARM_UP = 5;
/** A pace is that of the latest seconds and of at least so many things, which hide that single things differ. */
const [RECENT, THINGS] = [15, 5];
/** Nothing is said of the pace before so many seconds have passed, and before this share is done; after a minute, a few things are enough. */
const [SOON, SHARE, LATER] = [10, 0.03, 60];
/** Of what consists of things that differ in size, so much has to be done; and of its last part, such as a last measurement, nothing is known. */
const [UNEVEN_SHARE, LAST_SHARE] = [0.25, 0.01];
/** Least time between two marks that are kept, in seconds. */
const BETWEEN_MARKS = 0.5;

/**
 * Measures the pace of the latest seconds. The time before the first call is that of loading, and of a run that goes on after a stop much is
 * done already; neither counts.
 *
 * @param uneven whether the things differ in size: the pace is then that of all but the first seconds
 * @returns a function that takes how many of the total are done; undefined as long as it could only guess
 */
export function paceMeter(total: number, { uneven = false } = {}): (done: number) => Pace | undefined {
  let first: Mark | undefined;
  let marks: Mark[] = [];
  const isEnough = (begun: Mark, { done, at }: Mark): boolean => {
    const share = (done - begun.done) / (total - begun.done);
    if (uneven) return share >= UNEVEN_SHARE && total - done > LAST_SHARE * total;
    return share >= SHARE || (done - begun.done >= THINGS && at - begun.at >= LATER);
  };
  return (done) => {
    const now = { done, at: Date.now() / 1000 };
    const last = marks.at(-1);
    if (first === undefined || last === undefined || done < last.done) {
      first = now; // the first, or one of a training that went back
      marks = [now];
      return undefined;
    }
    const begun = first;
    const from = marks.findLastIndex(
      (mark) => mark.at <= begun.at + WARM_UP || (!uneven && mark.at <= now.at - RECENT && mark.done <= done - THINGS),
    );
    marks = marks.slice(from);
    const { [0]: base = begun } = marks;
    if (done > last.done && now.at - last.at >= BETWEEN_MARKS && (!uneven || now.at <= begun.at + WARM_UP)) marks.push(now);
    if (done <= base.done || now.at - begun.at < SOON || !isEnough(begun, now)) return undefined;
    const perSecond = (done - base.done) / (now.at - base.at);
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
