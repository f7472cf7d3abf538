/** Reads JSON piece by piece, as strictly as the format's own reader does; every mistake is a `SyntaxError`. */
export interface JsonCursor {
  /** The next character that is no space, which stays; empty at the end. */
  peek(): string;
  string(): string;
  /** A whole number from 0 to 2^64 - 1, written without fraction or exponent. */
  integer(): bigint;
  null(): void;
  /** Calls back at each value of an object, which the callback must read. */
  object(visit: (key: string) => void): void;
  /** Calls back at each value of a list, which the callback must read. */
  list(visit: (index: number) => void): void;
  /** Reads any value and ignores it. */
  skip(): void;
  /** Checks that nothing follows. */
  end(): void;
}

/** Levels of objects and lists that serde_json reads. */
const MAX_DEPTH = 127;
/** Limit of values in unknown fields. No program writes such fields, and they would only cost time. */
const MAX_SKIPPED = 100_000;
const LARGEST = 2n ** 64n - 1n;

export function jsonCursor(text: string): JsonCursor {
  let at = 0;
  let depth = 0;
  let skipped = 0;
  const fail = (expected: string): never => {
    throw new SyntaxError(`${expected} at character ${at}, got ${at < text.length ? JSON.stringify(text.slice(at, at + 12)) : 'the end'}`);
  };
  const peek = (): string => {
    for (let code = text.charCodeAt(at); code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d; code = text.charCodeAt(at)) at++;
    return text.charAt(at);
  };
  const take = (char: string): void => {
    if (peek() !== char) fail(`'${char}'`);
    at++;
  };
  const match = (pattern: RegExp, expected: string): string => {
    peek();
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? fail(expected);
    at += found.length;
    return found;
  };
  const string = (): string => {
    if (peek() !== '"') fail('a string');
    const start = at++;
    let escaped = false;
    for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(++at)) {
      if (!(code >= 0x20)) fail('a string without control characters, and its end'); // past the end the code is NaN
      if (code === BACKSLASH) {
        escaped = true;
        at++;
      }
    }
    at++;
    if (!escaped) return text.slice(start + 1, at - 1);
    const value = String(JSON.parse(text.slice(start, at)));
    if (LONE_SURROGATE.test(value)) {
      at = start;
      fail('a string of whole characters');
    }
    return value;
  };
  const items = (open: string, close: string, visit: (index: number) => void): void => {
    take(open);
    if (++depth > MAX_DEPTH) fail(`at most ${MAX_DEPTH} levels`);
    if (peek() === close) at++;
    else {
      for (let i = 0; ; i++) {
        visit(i);
        if (peek() !== ',') break;
        at++;
      }
      take(close);
    }
    depth--;
  };
  const list = (visit: (index: number) => void): void => items('[', ']', visit);
  const object = (visit: (key: string) => void): void =>
    items('{', '}', () => {
      const key = string();
      take(':');
      visit(key);
    });
  const skip = (): void => {
    if (++skipped > MAX_SKIPPED) fail(`at most ${MAX_SKIPPED} values in unknown fields`);
    const char = peek();
    if (char === '{') object(skip);
    else if (char === '[') list(skip);
    else if (char === '"') string();
    else if (!Number.isFinite(Number(match(LITERAL, 'a value').replace(/true|false|null/, '0')))) fail('a number of double precision');
  };
  return {
    ...{ peek, string, object, list, skip },
    integer() {
      peek();
      const start = at;
      while (isDigit(text.charCodeAt(at))) at++;
      const digits = text.slice(start, at);
      const follows = text.charAt(at);
      const wrong = digits === '' || (digits.length > 1 && digits.startsWith('0')) || follows === '.' || follows === 'e' || follows === 'E';
      if (wrong || digits.length > 20 || BigInt(digits) > LARGEST) {
        at = start;
        fail('a whole number below 2^64');
      }
      return BigInt(digits);
    },
    null: () => void match(/null/y, 'null'),
    end() {
      if (peek() !== '') fail('the end');
    },
  };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
