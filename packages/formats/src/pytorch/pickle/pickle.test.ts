import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { PYTORCH_LIMITS } from '../limits.js';
import { runPickle } from './pickle.js';
import { pickleReader } from './pickle-reader.js';
import type { PickleValue } from './pickle-values.js';

interface Case {
  readonly name: string;
  /** In base64. */
  readonly pickle: string;
  /** What Python makes of it: see fixtures/make-pickles.py. */
  readonly value?: unknown;
  /** The class of the error, if Python refuses it. */
  readonly refused?: string;
}

const lines = readFileSync(new URL('../../../fixtures/pickles.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const cases = lines.map((line) => JSON.parse(line) as Case);
const bytesOf = ({ pickle }: Case): Uint8Array => new Uint8Array(Buffer.from(pickle, 'base64'));
const run = (program: Uint8Array): PickleValue =>
  runPickle(
    pickleReader(program),
    (id) => ({ kind: 'tuple', items: ['persistent', id] }),
    PYTORCH_LIMITS,
    () => undefined,
  );

/** A value as the fixture writes it, which tells Python's kinds apart. */
function plain(value: PickleValue): unknown {
  if (typeof value === 'bigint') return { int: String(value) };
  if (typeof value !== 'object' || value === null) return value;
  const pairs = (entries: ReadonlyMap<PickleValue, PickleValue>) => [...entries].map(([key, item]) => [plain(key), plain(item)]);
  switch (value.kind) {
    case 'bytes':
      return { bytes: [...value.bytes] };
    case 'tuple':
      return { tuple: value.items.map(plain) };
    case 'list':
      return { list: value.items.map(plain) };
    case 'dict':
      return { dict: pairs(value.entries) };
    case 'global':
      return { global: value.name };
    case 'object':
      return {
        ...{ object: value.name, parts: value.parts.map(plain), pairs: pairs(value.entries) },
        state: value.state === undefined ? null : plain(value.state),
      };
    default:
      return value;
  }
}

describe('runPickle', () => {
  it.each(cases.filter(({ refused }) => refused === undefined))('makes of $name what Python makes of it', (each) => {
    expect(plain(run(bytesOf(each)))).toEqual(each.value);
  });
  it.each(cases.filter(({ refused }) => refused !== undefined))('refuses $name, as Python does', (each) => {
    expect(() => run(bytesOf(each))).toThrow(expect.objectContaining({ code: 'CORRUPT_FILE' }));
  });
});
