/**
 * The page that has an entry for each error code, on the site. `npm run set-repository` writes it; while nobody has said where the site is,
 * there is none.
 */
export const HELP_ADDRESS: string | undefined = undefined;

/** The entry of a code on that page. */
export const helpUrlOf = (code: string, page: string | undefined = HELP_ADDRESS): string | undefined =>
  page === undefined ? undefined : `${page}#${code.toLowerCase()}`;
