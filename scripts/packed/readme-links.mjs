// READMEs of packages link to files of the clone. A published package has none of them.

/** A link or an image: its mark, its words, and where it leads. */
const LINK = /(!?)\[((?:[^[\]]|\[[^[\]]*\])*)\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;
const leadsOut = (to) => to.startsWith('../');

/** The links of a README that lead out of its package. */
export const linksOut = (markdown) => [...markdown.matchAll(LINK)].map(([, , , to]) => to).filter(leadsOut);

/** A README for a package that somebody installs: of links that lead out of it only the words are left, of pictures nothing. */
export const withoutLinksOut = (markdown) =>
  markdown.replaceAll(LINK, (link, image, words, to) => (!leadsOut(to) ? link : image === '' ? words : ''));
