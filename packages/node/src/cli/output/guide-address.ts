import { NetSpaceError } from '@netspace/prep';

/**
 * Address of a page of the guide, beside the page of error codes; undefined as long as nobody has said where the site is.
 *
 * @param page name of its file without ending
 * @param errors address of the page of error codes
 */
export function guideAddress(page: string, errors = new NetSpaceError('NOT_FOUND', page).helpUrl): string | undefined {
  const parts = errors === undefined ? null : /^(.*)\/reference\/errors(\.\w+)/.exec(errors);
  return parts === null ? undefined : `${parts[1]}/guide/${page}${parts[2]}`;
}
