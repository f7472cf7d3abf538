/**
 * A name that a store accepts (letters of ASCII, digits, `. _ -`, at most 128) for a name in any language: accents are dropped, spaces and
 * signs become `-`, and other letters become their code points in hexadecimal. A name that a store accepts stays as it is. If no letter is
 * left, the name is `otherwise`.
 */
export function instanceNameOf(name: string, otherwise = 'mesh'): string {
  const ascii = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(
      /[^A-Za-z0-9._-]/gu,
      (letter) => LETTERS[letter] ?? (/[\p{L}\p{N}]/u.test(letter) ? `u${letter.codePointAt(0)!.toString(16)}` : '-'),
    );
  const trimmed = ascii.replace(/^[^A-Za-z0-9]+/, '');
  return (trimmed === '' ? otherwise : trimmed).slice(0, 128);
}

/** Letters that do not become ASCII by decomposition. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
};
