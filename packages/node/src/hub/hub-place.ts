import { NetSpaceError } from '@netspace/prep';

/** A repository of a Hugging Face hub, or any folder on the web. */
export type HubPlace =
  | { readonly kind: 'hub'; readonly repository: string; readonly revision: string }
  | { readonly kind: 'web'; readonly address: string };

/** As the hub allows them. */
const REPOSITORY = /^([\w-][\w.-]{0,95}\/[\w-][\w.-]{0,95})(?:@([\w.][\w./-]{0,99}))?$/;

/**
 * Reads `OWNER/NAME`, `OWNER/NAME@REVISION`, or the address of a folder on the web.
 *
 * @throws NetSpaceError `INVALID_OPTION` for anything else
 */
export function parseHubPlace(text: string): HubPlace {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) {
    const { username, password } = new URL(text);
    if (username === '' && password === '') return { kind: 'web', address: text };
  }
  const [, repository, revision = 'main'] = REPOSITORY.exec(text) ?? [];
  if (repository !== undefined && !/\.\.|\.git$/.test(text)) return { kind: 'hub', repository, revision };
  throw new NetSpaceError(
    'INVALID_OPTION',
    `expected OWNER/NAME of a repository on the hub, OWNER/NAME@REVISION, or http://… of a folder, got ${text.replace(/\/\/[^/]*@/, '//')}`,
  );
}

/** Where the hub is unless `HF_ENDPOINT` says otherwise; it is that of `@huggingface/hub`. */
export const HUB_ADDRESS = 'https://huggingface.co';

/** How to reach the hub. */
export interface HubAccess {
  /** Without a slash at its end; undefined: the hub's own. */
  readonly endpoint: string | undefined;
  readonly token: string | undefined;
}

/**
 * The address of the hub and the token, from `HF_ENDPOINT` and `HF_TOKEN`, as other programs of the hub read them.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the token would go over the network unencrypted, or one of the two is no address or token
 */
export function hubAccess(environment: Readonly<Record<string, string | undefined>> = process.env): HubAccess {
  const token = environment['HF_TOKEN']?.trim() || undefined;
  const endpoint = environment['HF_ENDPOINT']?.trim().replace(/\/+$/, '') || undefined;
  // The token itself is never part of a message.
  if (token !== undefined && !/^hf_\w+$/.test(token)) {
    throw new NetSpaceError('INVALID_OPTION', 'expected HF_TOKEN to be a token of the hub, hf_…, got something else; copy it again');
  }
  if (endpoint === undefined) return { endpoint, token };
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new NetSpaceError('INVALID_OPTION', 'expected HF_ENDPOINT to be an address, https://…, got something else');
  }
  if (url.protocol === 'http:' && token !== undefined && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) {
    throw new NetSpaceError('INVALID_OPTION', `expected HF_ENDPOINT to begin with https:// since HF_TOKEN is set, got http://${url.host}`);
  }
  return { endpoint, token };
}
