/** A build on many machines. Times are in seconds. */
export interface SimulatedBuild {
  readonly jobs: number;
  /** How long jobs were measured to take; each job of the simulation takes one of these, drawn at random. */
  readonly jobSeconds: readonly number[];
  /** Jobs that run at once, on all machines together. */
  readonly slots: number;
  /** What the queue adds to a job: taking it and ending it. */
  readonly queueSeconds: number;
  /** How the builder adds results, in the order of the recipe. */
  readonly builder: {
    /** How often it looks for results. */
    readonly everySeconds: number;
    /** Most jobs that it adds at once. */
    readonly batch: number;
    readonly secondsABatch: number;
    readonly secondsAJob: number;
  };
  /** Machines that are lost, as cheap ones in clouds are; none if left out. */
  readonly losses?: {
    /** Mean time until the machine of a slot is lost. */
    readonly everySeconds: number;
    /** A job goes on from its last checkpoint, */
    readonly checkpointSeconds: number;
    /** which happens so long after the loss, and on another machine. */
    readonly goneSeconds: number;
  };
  /** Numbers from 0 to 1. */
  readonly random: () => number;
}

export interface SimulatedEnd {
  /** Until the last network is in the zoo. */
  readonly seconds: number;
  /** Share of the slots' time in which jobs run that are not run again. */
  readonly busy: number;
  /** Share of the time in which the builder adds. */
  readonly adding: number;
  /** How often the builder has added. */
  readonly batches: number;
  /** Most results that waited at once. */
  readonly waiting: number;
  readonly lost: number;
}

/** Simulates the queue: each job goes to the slot that is free first, in order; the builder adds what has ended without a gap. */
export function simulateBuild(build: SimulatedBuild): SimulatedEnd {
  const { jobs, jobSeconds, slots, queueSeconds, losses, random } = build;
  const free = new Float64Array(slots); // a heap: the slot that is free first is at its root
  const ends = new Float64Array(jobs);
  let [work, lost] = [0, 0];
  for (let job = 0; job < jobs; job++) {
    const seconds = jobSeconds[Math.floor(random() * jobSeconds.length)]!;
    let end = free[0]! + queueSeconds;
    for (let left = seconds; ;) {
      const until = losses === undefined ? Infinity : -Math.log(1 - random()) * losses.everySeconds;
      if (until >= left) {
        end += left;
        break;
      }
      left -= Math.floor(until / losses!.checkpointSeconds) * losses!.checkpointSeconds;
      end += until + losses!.goneSeconds;
      lost++;
    }
    work += seconds;
    ends[job] = end;
    replaceRoot(free, end);
  }
  return { ...added(build, ends), busy: work / (slots * Math.max(...free)), lost };
}

/** When the builder has added all. */
function added({ jobs, builder }: SimulatedBuild, ends: Float64Array): Pick<SimulatedEnd, 'seconds' | 'adding' | 'batches' | 'waiting'> {
  const sorted = ends.slice().sort();
  let [now, done, ended, spent, waiting, batches] = [0, 0, 0, 0, 0, 0];
  while (done < jobs) {
    while (ended < jobs && sorted[ended]! <= now) ended++;
    waiting = Math.max(waiting, ended - done);
    let to = done;
    while (to < jobs && to - done < builder.batch && ends[to]! <= now) to++;
    if (to === done) {
      now = Math.max(now + builder.everySeconds, Math.ceil(ends[done]! / builder.everySeconds) * builder.everySeconds);
      continue;
    }
    const seconds = builder.secondsABatch + (to - done) * builder.secondsAJob;
    [now, done, spent, batches] = [now + seconds, to, spent + seconds, batches + 1];
  }
  return { seconds: now, adding: spent / now, batches, waiting };
}

function replaceRoot(heap: Float64Array, value: number): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
    if (heap[child]! >= value) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = value;
}
