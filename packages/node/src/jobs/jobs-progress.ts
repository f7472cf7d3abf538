import type { StepProgress } from '@netspace/prep';

import type { Progress } from '../runs/progress.js';

/** So few networks say little of how fast others are made. */
const ENOUGH = 5;

/** Networks an hour, and seconds left, from what a build has done so far; undefined before it has made a few networks. */
export function pace(facts: { readonly made: number; readonly left: number; readonly seconds: number }) {
  const { made, left, seconds } = facts;
  if (made < ENOUGH || seconds <= 0) return undefined;
  return { networksPerHour: Math.round((3600 * made) / seconds), secondsLeft: Math.round((left * seconds) / made) };
}

/** Shows how far all jobs of a zoo are, on a bar of thousandths. */
export function jobsProgress(bar: Progress, { present, total }: { readonly present: number; readonly total: number }) {
  const begun = performance.now();
  const running = new Map<object, number>();
  let made = 0;
  const tell = (title: string): void => {
    const parts = [...running.values()].reduce((sum, part) => sum + part, 0);
    const speed = pace({ made, left: total - present - made, seconds: (performance.now() - begun) / 1000 });
    const said = speed === undefined ? '' : `, ${speed.networksPerHour} an hour`;
    bar.update(Math.floor((1000 * (present + made + parts)) / total), `${present + made} of ${total}, ${title}${said}`);
  };
  return {
    /** The progress of a job that gives so many networks. */
    of(title: string, networks: number) {
      const job = {};
      return {
        onStep({ step, steps }: StepProgress): void {
          running.set(job, networks * Math.min(step / steps, 0.99));
          tell(title);
        },
        onEnd(succeeded: boolean): void {
          running.delete(job);
          if (succeeded) made += networks;
          tell(title);
        },
      };
    },
  };
}
