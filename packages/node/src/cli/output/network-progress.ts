import { isNetSpaceError, NetSpaceError, type StepProgress } from '@netspace/prep';

import type { CommandContext } from '../command-context.js';
import { counted } from './counted.js';

/** Shows how far a command is that takes one network after the other, and in the refinement of each. */
export interface NetworkProgress {
  /** For the `onStep` of a refinement. */
  readonly onStep: (at: StepProgress) => void;
  /** The network is done, and the next begins. */
  ended(): void;
  stop(): void;
  /** The result of the work, after which nothing is shown any more; an interruption is told as by `where`. */
  until<Result>(work: Promise<Result>, left: string): Promise<Result>;
  /** An interruption that names the network that it came in, and says what is left; any other error as it is. */
  where(error: unknown, left: (done: number) => string): unknown;
}

/**
 * @param refine steps of refinement of each network; with them the bar counts steps, because a single network may take minutes
 */
export function networkProgress(
  call: string,
  { names, refine }: { readonly names: readonly string[]; readonly refine?: number | undefined },
  context: Pick<CommandContext, 'progress'>,
): NetworkProgress {
  const each = refine ?? 1;
  const bar = context.progress(refine === undefined ? 'networks' : 'steps of refinement', each * names.length);
  let [done, step] = [0, 0];
  const place = (): string => `network ${Math.min(done + 1, names.length)} of ${names.length}`;
  const progress: NetworkProgress = {
    async until(work, left) {
      try {
        return await work;
      } catch (error) {
        throw progress.where(error, (ended) => `${ended} of ${counted(names.length, 'network')} were done, and ${left}`);
      } finally {
        bar.stop();
      }
    },
    onStep(at) {
      ({ step } = at);
      bar.update(done * each + step, `${names[done] ?? ''}, ${place()}`);
    },
    ended() {
      [done, step] = [done + 1, 0];
      bar.update(done * each);
    },
    stop: () => bar.stop(),
    where(error, left) {
      if (refine === undefined || !isNetSpaceError(error) || error.code !== 'ABORTED') return error;
      const at = done < names.length ? ` at ${names[done]!}, ${place()}, after ${step} of ${refine} steps of its refinement` : '';
      return new NetSpaceError('ABORTED', `${call}: stopped${at}; ${left(done)}`, { cause: error });
    },
  };
  return progress;
}
