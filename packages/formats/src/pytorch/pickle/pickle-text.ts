import { corruptFile } from '../limits.js';

/** Text as protocol 0 writes it: one character a byte, and any other as `\u4f60` or `\U0001f600`. */
export const unescaped = (line: string): string =>
  line.replace(/\\u([\da-fA-F]{4})|\\U(00(?:0[\da-fA-F]|10)[\da-fA-F]{4})/g, (_, four?: string, eight?: string) =>
    String.fromCodePoint(Number.parseInt(four ?? eight!, 16)),
  );

/** A string as Python 2 prints it, in its quotes. */
export function quoted(line: string): string {
  const match = /^(['"])(.*)\1$/s.exec(line);
  if (match === null) throw corruptFile('expected a quoted string in data.pkl, got other text');
  return match[2]!.replace(/\\(?:x([\da-f]{2})|([0-7]{1,3})|(.))/gis, (whole, hex?: string, octal?: string, letter?: string) => {
    if (letter !== undefined) return LETTERS.get(letter) ?? whole;
    return String.fromCharCode(hex === undefined ? Number.parseInt(octal!, 8) & 0xff : Number.parseInt(hex, 16));
  });
}

const LETTERS: ReadonlyMap<string, string> = new Map(Object.entries({ n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v', '\\': '\\', "'": "'", '"': '"' })); // prettier-ignore
