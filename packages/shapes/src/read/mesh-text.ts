/**
 * The text of a file as programs write it: UTF-8 with or without byte order mark, UTF-16 of either order with a mark or recognizable
 * by its zero bytes. Bytes that are no UTF-8, such as a Latin-1 comment, become replacement characters.
 */
export function decodeMeshText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes); // drops the mark
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const head = bytes.subarray(0, 64);
  const zeros = (parity: number) => head.reduce((count, byte, i) => count + (byte === 0 && i % 2 === parity ? 1 : 0), 0);
  const pairs = head.length >> 1;
  if (pairs >= 4 && zeros(0) === 0 && zeros(1) > 0.9 * pairs) return 'utf-16le';
  if (pairs >= 4 && zeros(1) === 0 && zeros(0) > 0.9 * pairs) return 'utf-16be';
  return 'utf-8';
}

const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;

/** Index of the first line end, CR or LF, from a place on; the text's length if it ends before, −1 if the line is longer than `most`. */
export function lineEnd(text: string, from: number, most: number): number {
  const last = Math.min(text.length, from + most + 1);
  for (let at = from; at < last; at++) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED || code === CARRIAGE_RETURN) return at;
  }
  return last === text.length ? last : -1;
}

/** Where the line after a line end starts: after LF, CR LF or a lone CR. */
export const nextLine = (text: string, end: number): number =>
  text.charCodeAt(end) === CARRIAGE_RETURN && text.charCodeAt(end + 1) === LINE_FEED ? end + 2 : end + 1;

/** Number of the line, from 1, in which a place stands. */
export function lineOf(text: string, place: number): number {
  let line = 1;
  for (let at = lineEnd(text, 0, place); at >= 0 && at < place; at = lineEnd(text, nextLine(text, at), place)) line++;
  return line;
}

/** A number as the formats write it: decimal, finite as a float32. `NaN` for everything else: `0x10`, `1e39`, `1,5`, `nan`. */
export function strictNumber(word: string): number {
  return DECIMAL.test(word) ? finite(Number(word)) : NaN;
}

/** The number if float32 can hold it, else NaN. */
export const finite = (value: number): number => (Math.abs(value) <= LARGEST_FLOAT32 ? value : NaN);

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const LARGEST_FLOAT32 = 3.4028234663852886e38;
