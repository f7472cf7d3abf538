/**
 * A name that a store takes (letters of ASCII, digits, `. _ -`, at most 128) for a name in any language: accents go, spaces and signs
 * become `-`, other letters their code points in hexadecimal. A name that a store takes stays as it is; one of which nothing is left is
 * `otherwise`.
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

/** Letters that no decomposition makes ASCII. */
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
