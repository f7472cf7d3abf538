import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

/** An interruption that names the command which goes on; any other error as it is. */
export function withWayOn(error: unknown, command: readonly string[]): unknown {
  if (!isNetSpaceError(error) || error.code !== 'ABORTED') return error;
  const what = error.message.replace(/; resume from .*$/, ''); // for programs: the command finds the checkpoint in its folder
  return new NetSpaceError('ABORTED', `${what}; go on with: ${commandLine(command)}`, { cause: error });
}

/** A command of ours, to be pasted into a shell. */
export const commandLine = (command: readonly string[]): string => ['netspace', ...command.map(quoted)].join(' ');

/** A word as a shell takes it. */
export const quoted = (word: string): string => (/^[\w./:@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
