import { isNetSpaceError } from '@netspace/prep';

/** Longest message of an error that is not ours, in characters; ours are no longer either. */
const MESSAGE_LIMIT = 2000;

/** What the command says of an error: for people, and for programs. */
export function errorText(error: unknown, { debug }: { readonly debug: boolean }): { readonly text: string; readonly json: string } {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, MESSAGE_LIMIT);
  const [code, help] = isNetSpaceError(error) ? [error.code, error.helpUrl] : ['UNEXPECTED', undefined];
  const stack = debug && error instanceof Error ? error.stack : undefined;
  const said = stack ?? `netspace: ${code}: ${message.replaceAll('\n', ' ')}`;
  return {
    text: `${said}\n${help === undefined ? '' : `See ${help}\n`}`,
    json: JSON.stringify({ error: { code, message, ...(help !== undefined && { help }) } }),
  };
}
