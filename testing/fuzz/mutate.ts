import { joinBytes } from '@netspace/prep/internal';
import { randomAt } from '@netspace/train/internal';

type Random = ReturnType<typeof randomAt>;

/** Bytes and texts that readers trip over. */
const ODD_BYTES = [0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x0d, 0x22, 0x5b, 0x5d, 0x7b, 0x7d, 0x2e];
const ODD_TEXTS = [
  ...[
    '-1',
    '0',
    '1e999',
    '-0',
    '4294967296',
    '9007199254740993',
    'NaN',
    'null',
    '"',
    '[',
    '{',
    '[[[[[[[[',
    '0x10',
    '\u0000',
    '\ud800',
    '../',
  ],
  ...['__proto__', '"constructor":', '{"toString":1}', '1,1', '\r', '\u2028', '﻿'],
];

/** A seed of a reader, changed in one to four places: a pure function of its keys, so that any input can be made again. */
export function mutant(seeds: readonly Uint8Array[], ...keys: readonly (number | string)[]): Uint8Array {
  const random = randomAt(...keys);
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)]!;
  let bytes: Uint8Array = pick(seeds).slice();
  for (let times = 1 + random.below(4); times > 0; times--) bytes = pick(MUTATIONS)(bytes, random, pick(seeds));
  return bytes;
}

type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  flipBit,
  setByte,
  setByte,
  setInteger,
  insertText,
  replaceNumber,
  replaceNumber,
  cut,
  remove,
  repeat,
  splice,
];

function flipBit(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length > 0) bytes[placeIn(bytes, random)]! ^= 1 << random.below(8);
  return bytes;
}

function setByte(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length > 0) bytes[placeIn(bytes, random)] = ODD_BYTES[random.below(ODD_BYTES.length)]!;
  return bytes;
}

/** A length or an offset of 1 to 8 bytes that cannot be. */
function setInteger(bytes: Uint8Array, random: Random): Uint8Array {
  const size = 1 << random.below(4);
  if (bytes.length < size) return bytes;
  const at = random.below(bytes.length - size + 1);
  const value = [0x00, 0xff, 0x7f, 0x80][random.below(4)]!;
  bytes.fill(value === 0x7f || value === 0x80 ? 0xff : value, at, at + size);
  if (value === 0x7f) bytes[at + size - 1] = 0x7f;
  return bytes;
}

function insertText(bytes: Uint8Array, random: Random): Uint8Array {
  const text = new TextEncoder().encode(ODD_TEXTS[random.below(ODD_TEXTS.length)]);
  const at = random.below(bytes.length + 1);
  return joinBytes([bytes.subarray(0, at), text, bytes.subarray(at)]);
}

/** A number written in digits becomes an odd one; where there are none, a text is put in. */
function replaceNumber(bytes: Uint8Array, random: Random): Uint8Array {
  const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;
  const from = bytes.subarray(0, 1 << 16).findIndex((byte, i) => isDigit(byte) && i >= random.below(Math.min(bytes.length, 1 << 12)));
  if (from < 0) return insertText(bytes, random);
  let to = from;
  while (isDigit(bytes[to])) to++;
  return joinBytes([bytes.subarray(0, from), new TextEncoder().encode(ODD_TEXTS[random.below(ODD_TEXTS.length)]), bytes.subarray(to)]);
}

function cut(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.slice(0, random.below(bytes.length + 1));
}

function remove(bytes: Uint8Array, random: Random): Uint8Array {
  const from = random.below(bytes.length + 1);
  return joinBytes([bytes.subarray(0, from), bytes.subarray(from + 1 + random.below(32))]);
}

function repeat(bytes: Uint8Array, random: Random): Uint8Array {
  const from = random.below(bytes.length + 1);
  const part = bytes.subarray(from, from + 1 + random.below(64));
  return joinBytes([bytes.subarray(0, from), ...Array<Uint8Array>(2 + random.below(8)).fill(part), bytes.subarray(from)]);
}

function splice(bytes: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  return joinBytes([bytes.subarray(0, random.below(bytes.length + 1)), other.subarray(random.below(other.length + 1))]);
}

/** Heads matter most: half of the places lie in the first 256 bytes. */
const placeIn = (bytes: Uint8Array, random: Random): number =>
  random.below(random.below(2) === 0 ? bytes.length : Math.min(256, bytes.length));
