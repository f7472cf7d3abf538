import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

import type { Called } from '../called.js';

/**
 * An interruption that names the command which goes on; any other error as it is.
 *
 * @param fate what becomes of the work in progress
 */
export function withWayOn(error: unknown, called: Called, command: readonly string[], fate?: string): unknown {
  if (!isNetSpaceError(error) || error.code !== 'ABORTED') return error;
  const what = error.message.replace(/; resume from .*$/, ''); // for programs: the command finds the checkpoint in its folder
  return new NetSpaceError('ABORTED', `${what}; ${fate === undefined ? '' : `${fate}; `}go on with: ${commandLine(called, command)}`, {
    cause: error,
  });
}

/** A command of ours, to be pasted into a shell. */
export const commandLine = ({ netspace = 'netspace' }: Called, command: readonly string[]): string =>
  [netspace, ...command.map(quoted)].join(' ');

/** A command of ours as files record it, however this one was called. */
export const recordedLine = (command: readonly string[]): string => commandLine({}, command);

/** A word as a shell takes it. */
export const quoted = (word: string): string => (/^[\w./:@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
