/** Markup that is safe to put into a page. */
export interface Html {
  readonly markup: string;
}

type Piece = string | number | Html | readonly Html[] | undefined | false;

/** Builds markup: text in the template is escaped; markup and lists of markup are not; undefined and false are left out. */
export const html = (strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html => ({
  markup: strings.reduce((markup, string, i) => markup + toMarkup(pieces[i - 1]) + string),
});

/** Declares a string to be markup; only for strings that hold no text of the caller's. */
export const trusted = (markup: string): Html => ({ markup });

function toMarkup(piece: Piece): string {
  if (piece === undefined || piece === false) return '';
  if (typeof piece === 'string' || typeof piece === 'number') return escapeHtml(String(piece));
  return 'markup' in piece ? piece.markup : piece.map(({ markup }) => markup).join('');
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
