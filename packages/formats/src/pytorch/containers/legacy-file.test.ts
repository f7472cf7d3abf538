import { describe, expect, it } from 'vitest';

import { readPyTorchCheckpoint } from '../checkpoint.js';
import { floats, int64s, integer, latin, storageId, tensor, text } from '../testing/pickle-program.js';

const MAGIC = '\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.'; // as PyTorch 0.1.10 to 1.5 begin

interface Parts {
  readonly magic?: string;
  readonly version?: string;
  readonly content?: string;
  readonly keys?: string;
  readonly storages?: string;
}

/** A file of pickles in a row: by default, one tensor [1, 2]. */
const file = ({
  magic = MAGIC,
  version = `${integer(1001)}.`,
  content = `${tensor()}.`,
  keys = `](${text('0')}e.`,
  storages = `${int64s(2)}${floats(1, 2)}`,
}: Parts = {}): Uint8Array => latin(`\x80\x02${magic}${version}}.${content}${keys}${storages}`);

describe('readPyTorchCheckpoint on files before PyTorch 1.6', () => {
  it('reads one, whatever kind of key its storages have', () => {
    expect(readPyTorchCheckpoint(file()).get('tensor')?.data).toEqual(Float32Array.of(1, 2));
    const numbered = { content: `${tensor({ storage: storageId({ key: integer(0) }) })}.`, keys: `](${integer(0)}e.` };
    expect(readPyTorchCheckpoint(file(numbered)).get('tensor')?.data).toEqual(Float32Array.of(1, 2));
  });
  it.each<[string, Parts, RegExp]>([
    ['another version', { version: `${integer(1000)}.` }, /expected version 1001, got another/],
    ['no list of keys', { keys: 'N.' }, /list of the storages' keys, got something else/],
    ['a key that no tensor uses', { keys: `](${text('1')}e.` }, /key of a storage that a tensor uses, got 1/],
    ['a key that is a list', { keys: `](]e.` }, /key of a storage that a tensor uses/],
    ['a storage of another length', { storages: `${int64s(1)}${floats(1)}` }, /2 F32 values for tensor in data\/0, got 4 bytes/],
    ['a storage beyond the end', { storages: `${int64s(2)}${floats(1)}` }, /expected 8 more bytes of the file/],
    ['a storage that is not there', { keys: '].' , storages: '' }, /2 F32 values for tensor in data\/0, got no such file/],
  ])('refuses %s', (_, parts, message) => {
    expect(() => readPyTorchCheckpoint(file(parts))).toThrow(
      expect.objectContaining({ code: 'CORRUPT_FILE', message: expect.stringMatching(message) }),
    );
  }); // prettier-ignore
  it('counts the instructions of all its pickles together', () => {
    const count = (operations: number) => () => readPyTorchCheckpoint(file(), { limits: { operations } });
    const least = [...Array(100).keys()].find((operations) => {
      try {
        return count(operations)().size === 1;
      } catch {
        return false;
      }
    });
    expect(least).toBeGreaterThan(20);
    expect(count(least! - 1)).toThrow(/raise limits\.operations/);
  });
});
