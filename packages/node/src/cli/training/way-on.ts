import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

/** An interruption that names the command which goes on; any other error as it is. */
export function withWayOn(error: unknown, command: readonly string[]): unknown {
  if (!isNetSpaceError(error) || error.code !== 'ABORTED') return error;
  return new NetSpaceError('ABORTED', `${error.message}; go on with: ${commandLine(command)}`, { cause: error });
}

/** A command of ours, to be pasted into a shell. */
export const commandLine = (command: readonly string[]): string => ['netspace', ...command.map(quoted)].join(' ');

/** A word as a shell takes it. */
export const quoted = (word: string): string => (/^[\w./:@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
