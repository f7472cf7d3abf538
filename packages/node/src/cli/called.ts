/** Whether npx has started this process. */
export const isByNpx = (env: Readonly<Record<string, string | undefined>> = process.env): boolean => env['npm_command'] === 'exec';

/** How a command is typed by those who read a message. */
export interface Called {
  /**
   * `netspace`, or `npx netspace` where npx has called this one.
   * @default 'netspace', for processes that nobody called by hand
   */
  readonly netspace?: string;
}

/** What people type to call the command as this process was called. */
export const calledAs = (): string => (isByNpx() ? 'npx netspace' : 'netspace');
