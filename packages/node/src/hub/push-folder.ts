import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';

import { checkFiles, FILE_LIST_NAME, fileListText } from './file-list.js';
import { HUB_ADDRESS, type HubAccess } from './hub-place.js';
import { listFolder } from './list-folder.js';

export interface PushOptions extends HubAccess {
  /** Message of the commit. */
  readonly message: string;
  /** Whether the repository is private, if this call makes it. */
  readonly isPrivate: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Called when the hub has answered and has the repository, before anything is uploaded. */
  readonly onReady?: (push: { readonly files: number; readonly bytes: number; readonly isNew: boolean; readonly hub: string }) => void;
  /** Files to push in addition to those of the folder, by path. */
  readonly extra?: Readonly<Record<string, string>>;
}

/** What was pushed. */
export interface PushedFolder {
  readonly files: number;
  readonly bytes: number;
  /** Address of the commit. */
  readonly url: string;
  /** Name of the commit. */
  readonly commit: string;
}

/**
 * Puts a folder into a model repository of a Hugging Face hub, as one commit, with a list of its files and their checksums. The repository is
 * made if it is not there. Files that are there and not in the folder stay.
 *
 * @throws NetSpaceError `INVALID_OPTION` without a token, or for two paths that some systems take for one; `LIMIT_EXCEEDED` for a folder that
 *   `pull` would refuse; `UNAVAILABLE` if the hub refuses or does not answer, `ABORTED` by the signal; as
 *   {@link listFolder}
 */
export async function pushFolder(folder: string, repository: string, options: PushOptions): Promise<PushedFolder> {
  const { token, endpoint, message, isPrivate, signal, onReady, extra = {} } = options;
  if (token === undefined) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      'push: expected a token that may write, got none; set HF_TOKEN, as the hub shows under Settings, Tokens',
    );
  }
  const texts = Object.entries(extra).map(([path, text]) => ({
    path,
    content: new Blob([text]),
    bytes: Buffer.byteLength(text),
    sha256: checksumOf(text),
  }));
  const listed = await listFolder(folder);
  const all = [...listed, ...texts.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 }))];
  checkFiles(`push: ${folder}`, all, 'INVALID_OPTION'); // nothing goes up that nobody could pull
  const blobs = await Promise.all(listed.map(async ({ path }) => ({ path, content: await openAsBlob(join(folder, path)) })));
  const { createRepo, repoExists, uploadFiles } = await import('@huggingface/hub');
  const at = {
    repo: { type: 'model' as const, name: repository },
    accessToken: token,
    ...(endpoint !== undefined && { hubUrl: endpoint }),
  };
  try {
    const isNew = !(await repoExists(at));
    if (isNew) await createRepo({ ...at, visibility: isPrivate ? 'private' : 'public' });
    const bytes = all.reduce((sum, file) => sum + file.bytes, 0);
    onReady?.({ files: all.length, bytes, isNew, hub: endpoint ?? HUB_ADDRESS });
    const output = await uploadFiles({
      ...at,
      files: [
        ...blobs,
        ...texts.map(({ path, content }) => ({ path, content })),
        { path: FILE_LIST_NAME, content: new Blob([fileListText(all)]) },
      ],
      commitTitle: message,
      ...(signal !== undefined && { abortSignal: signal }),
    });
    return { files: all.length, bytes, url: output?.commit.url ?? '', commit: output?.commit.oid ?? '' };
  } catch (error) {
    throw refused(error, { repository, token, signal, hub: endpoint ?? HUB_ADDRESS });
  }
}

const checksumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Refused {
  readonly repository: string;
  readonly token: string;
  readonly hub: string;
  readonly signal: AbortSignal | undefined;
}

/** What the hub, or the network, said; without the token, whatever a server may have written into its answer. */
function refused(error: unknown, { repository, token, hub, signal }: Refused): NetSpaceError {
  if (signal?.aborted) return new NetSpaceError('ABORTED', 'push: stopped by a signal; nothing was committed');
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : undefined;
  const said = saidBy(error).replaceAll(token, 'hf_…');
  const advice =
    status === 401 || status === 403
      ? `set HF_TOKEN to a token that may write to ${repository}`
      : status === undefined
        ? 'check the network, and HF_ENDPOINT if it is set'
        : 'nothing was committed; try again';
  return new NetSpaceError('UNAVAILABLE', `push: expected the hub at ${hub} to take ${repository}, got "${said}"; ${advice}`);
}

/** `fetch` itself says no more than that it failed; its cause says why. */
function saidBy(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  if (!(cause instanceof Error)) return message;
  const why = cause.message === '' && 'code' in cause ? String(cause.code) : cause.message;
  return `${message}: ${why}`;
}
