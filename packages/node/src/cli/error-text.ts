import { isNetSpaceError } from '@netspace/prep';

import { packagedPage } from './output/guide-place.js';

/** Longest message of an error that is not ours, in characters; ours are no longer either. */
const MESSAGE_LIMIT = 2000;

/** What the command says of an error: for people, and for programs. */
export function errorText(error: unknown, { debug }: { readonly debug: boolean }): { readonly text: string; readonly json: string } {
  const own = error instanceof Error ? error.message : String(error);
  // The functions of a command, and their signals, are nothing to those who pressed Ctrl-C.
  const message = own
    .replace(/^[\w ]+: stopped by (?:its|a) signal/, 'stopped')
    .replace(/; abortedSearch\(error\) has what was found$/, '')
    .slice(0, MESSAGE_LIMIT);
  const [code, help] = isNetSpaceError(error) ? [error.code, error.helpUrl] : ['UNEXPECTED', undefined];
  const place = help ?? (isNetSpaceError(error) ? entryOf(error.code) : undefined);
  const stack = debug && error instanceof Error ? error.stack : undefined;
  const said = stack ?? `netspace: ${code}: ${message.replaceAll('\n', ' ')}`;
  return {
    text: `${said}\n${place === undefined ? '' : `See ${place}\n`}`,
    json: JSON.stringify({ error: { code, message, ...(help !== undefined && { help }) } }),
  };
}

/** The entry of a code in the copy of the site that is here. Who stops a command knows why it ended. */
function entryOf(code: string): string | undefined {
  const page = code === 'ABORTED' ? undefined : packagedPage('reference/errors.md');
  return page === undefined ? undefined : `${code} in ${page}`;
}
