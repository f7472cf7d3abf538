import { NetSpaceError } from '@netspace/prep';
import { nextTask } from '@netspace/prep/internal';

/** How long the background stands back after a call that somebody waits for, in milliseconds. */
const PATIENCE = 120;

let lastHurried = -Infinity;

/** Says that somebody waits for an answer: what runs in the background stands back for a moment. */
export function hurry(): void {
  lastHurried = performance.now();
}

/** Lets newer messages in; ends the call if it was stopped by then. */
export async function turn(signal: AbortSignal): Promise<void> {
  await nextTask();
  if (signal.aborted) throw stopped();
}

/** The same between two parts of background work, which waits while somebody drags. */
export async function backgroundTurn(signal: AbortSignal): Promise<void> {
  await turn(signal);
  while (performance.now() - lastHurried < PATIENCE) {
    await new Promise((resolve) => setTimeout(resolve, PATIENCE / 3));
    if (signal.aborted) throw stopped();
  }
}

const stopped = (): NetSpaceError => new NetSpaceError('ABORTED', 'explorer: stopped, or replaced by a newer call');
