import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

/**
 * An interruption that names the command which goes on; any other error as it is.
 *
 * @param fate what becomes of the work in progress
 */
export function withWayOn(error: unknown, command: readonly string[], fate?: string): unknown {
  if (!isNetSpaceError(error) || error.code !== 'ABORTED') return error;
  const what = error.message.replace(/; resume from .*$/, ''); // for programs: the command finds the checkpoint in its folder
  return new NetSpaceError('ABORTED', `${what}; ${fate === undefined ? '' : `${fate}; `}go on with: ${commandLine(command)}`, {
    cause: error,
  });
}

/** A command of ours, to be pasted into a shell: by npx, where this one was called so. */
export const commandLine = (command: readonly string[]): string =>
  `${process.env['npm_command'] === 'exec' ? 'npx ' : ''}${recordedLine(command)}`;

/** A command of ours as files record it, however this one was called. */
export const recordedLine = (command: readonly string[]): string => ['netspace', ...command.map(quoted)].join(' ');

/** A word as a shell takes it. */
export const quoted = (word: string): string => (/^[\w./:@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
