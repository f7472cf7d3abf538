import { isNetSpaceError } from '@netspace/prep';

/**
 * Runs work that Ctrl-C, SIGTERM or SIGHUP stops: the signal is aborted, and the work throws `ABORTED` when what it has made is kept. The process
 * then says that the same command goes on, and ends with exit code 130.
 */
export async function untilSignal(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => controller.abort());
  try {
    await work(controller.signal);
  } catch (error) {
    if (!(isNetSpaceError(error) && error.code === 'ABORTED')) throw error;
    console.error(`Stopped; the same command goes on from here. ${error.message}`);
    process.exitCode = 130;
  }
}
