import { describe, expect, it } from 'vitest';

import { readPyTorchCheckpoint } from '../checkpoint.js';
import { floats, global, int32s, int64s, integer, latin, text, tuple } from '../testing/pickle-program.js';

interface Entry {
  readonly name: string;
  readonly content: string;
  /** `0` for a file, `5` for a folder, `2` for a link. */
  readonly type?: string;
  /** What the header says of itself, where it is not the truth. */
  readonly size?: string;
  readonly checksum?: number;
}

/** A tar archive, byte by byte. */
function tar(entries: readonly Entry[]): Uint8Array {
  const blocks = entries.map(({ name, content, type = '0', size = content.length.toString(8).padStart(11, '0'), checksum }) => {
    const [mode, time] = ['0000644\0'.repeat(3), '00000000000\0'];
    const header = (sum: string) => `${name.padEnd(100, '\0')}${mode}${size}\0${time}${sum}${type}`.padEnd(257, '\0') + 'ustar\x0000';
    const sum = checksum ?? latin(header(' '.repeat(8))).reduce((total, byte) => total + byte, 0);
    const head = header(`${sum.toString(8).padStart(6, '0')}\0 `).padEnd(512, '\0');
    return head + content.padEnd(Math.ceil(content.length / 512) * 512, '\0');
  });
  return latin(`${blocks.join('')}${'\0'.repeat(1024)}`);
}

const describedStorage = tuple(integer(1), text('cpu'), global('torch', 'FloatStorage'));
const describedTensor = tuple(integer(10), integer(1), global('torch', 'FloatTensor'));
/** One storage of [1, 2], one tensor of it, and a dict with the tensor under `w`. */
const PARTS = {
  storages: `${integer(1)}.${describedStorage}.${int64s(2)}${floats(1, 2)}].`,
  tensors: `${integer(1)}.${describedTensor}.${int32s(1, 0)}${int64s(2, 1, 0)}`,
  pickle: `}${text('w')}${text('10')}Qs.`,
};
type Part = keyof typeof PARTS;

/** The archive with other parts; `undefined` leaves one out. */
const archive = (changes: Partial<Record<Part, string | undefined>> = {}, more: readonly Entry[] = []): Uint8Array => {
  const parts = Object.entries({ ...PARTS, ...changes }).flatMap(([name, content]) => (content === undefined ? [] : [{ name, content }]));
  return tar([...parts, ...more]);
};
const read = (bytes: Uint8Array) =>
  [...readPyTorchCheckpoint(bytes)].map(([name, { shape, data }]) => [name, shape, [...data].map(Number)]);

describe('readPyTorchCheckpoint on tar archives', () => {
  it('reads one', () => {
    expect(read(archive())).toEqual([['w', [2], [1, 2]]]);
  });
  it('reads files alone: no folders and no links, whatever they are called', () => {
    const link = { name: 'pickle', content: '', type: '2' };
    expect(read(archive({}, [{ name: 'storages', content: '', type: '5' }, link]))).toEqual([['w', [2], [1, 2]]]); // prettier-ignore
    expect(() => readPyTorchCheckpoint(archive({ pickle: undefined }, [link]))).toThrow(
      /expected a file pickle in the tar archive, got none/,
    );
  });
  it('reads a whole module, whose class comes with its source code', () => {
    const type = `${tuple(global('torch.nn', 'Linear'), text('linear.py'), text('class Linear: …'))}Q`;
    const state = `}${text('_parameters')}}${text('weight')}${text('10')}Qss`;
    expect(read(archive({ pickle: `${type})\x81${state}b.` }))).toEqual([['weight', [2], [1, 2]]]);
  });
  it('keeps the limit of entries', () => {
    expect(readPyTorchCheckpoint(archive(), { limits: { entries: 3 } }).size).toBe(1);
    expect(() => readPyTorchCheckpoint(archive(), { limits: { entries: 2 } })).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', message: expect.stringContaining('raise limits.entries') }),
    );
  });

  it.each<[string, Entry, RegExp]>([
    ['a file twice', { name: 'pickle', content: PARTS.pickle }, /each file of the archive once, got pickle twice/],
    ['a file twice, once by its folder', { name: './pickle', content: '' }, /got pickle twice/],
    ['a size beyond the end', { name: 'x', content: '', size: '00000100000' }, /expected x within the tar archive, got its end/],
    ['a size that is no number', { name: 'x', content: '', size: '0000000000x' }, /expected x within the tar archive/],
    ['a size of another base', { name: 'x', content: '', size: '\x80'.padEnd(11, '\xff') }, /expected x within the tar archive/],
    ['a header that has changed', { name: 'x', content: '', checksum: 1 }, /expected the tar header of x, got another checksum/],
  ])('refuses %s', (_, entry, message) => {
    expect(() => readPyTorchCheckpoint(archive({}, [entry]))).toThrow(
      expect.objectContaining({ code: 'CORRUPT_FILE', message: expect.stringMatching(message) }),
    );
  });

  const storage = `${integer(1)}.${describedStorage}.${int64s(2)}${floats(1, 2)}`;
  it.each<[string, Part, string | undefined, RegExp]>([
    ['no tensors', 'tensors', undefined, /expected a file tensors in the tar archive, got none/],
    ['a number of storages that is text', 'storages', `${text('1')}.`, /expected a count/],
    ['less than no storages', 'storages', `${integer(-1)}.`, /expected a count/],
    ['more storages than there are', 'storages', `${integer(2)}.${describedStorage}.${int64s(2)}${floats(1, 2)}].`, /expected a tuple/],
    ['a storage that is no tuple', 'storages', `${integer(1)}.].`, /expected a tuple/],
    ['a storage of another class', 'storages', `${integer(1)}.${tuple(integer(1), 'N', global('os', 'system'))}.`, /class of a storage/],
    ['a storage without a class', 'storages', `${integer(1)}.${tuple(integer(1), 'N', 'N')}.`, /class of a storage/],
    [
      'a storage whose number is a list',
      'storages',
      `${integer(1)}.${tuple(']', 'N', global('torch', 'FloatStorage'))}.`,
      /number of a storage/,
    ],
    ['a storage of nothing', 'storages', `${integer(1)}.${tuple()}.`, /class of a storage/],
    [
      'a storage beyond the end',
      'storages',
      `${integer(1)}.${describedStorage}.${int64s(1000)}${floats(1, 2)}].`,
      /4000 more bytes of storages/,
    ],
    ['a storage of huge length', 'storages', `${integer(1)}.${describedStorage}.${int64s(2 ** 53)}].`, /more bytes of storages/],
    ['tensors among the storages', 'storages', `${text('10')}Q.`, /plain data, got the number of a tensor/],
    ['no list of views', 'storages', `${storage}N.`, /list of views/],
    ['a view of no storage', 'storages', `${storage}](${tuple(integer(3), integer(9), integer(0), integer(1))}e.`, /view of a storage/],
    ['a view from text', 'storages', `${storage}](${tuple(integer(3), integer(1), text('0'), integer(1))}e.`, /view of a storage/],
    ['a view of a text of numbers', 'storages', `${storage}](${tuple(integer(3), integer(1), integer(0), 'N')}e.`, /view of a storage/],
    ['a tensor of no axes but one', 'tensors', `${integer(1)}.${describedTensor}.${int32s(-1, 0)}`, /number of axes of a tensor, got -1/],
    [
      'a tensor of a thousand axes',
      'tensors',
      `${integer(1)}.${describedTensor}.${int32s(1000, 0)}`,
      /number of axes of a tensor, got 1000/,
    ],
    [
      'a tensor of no storage',
      'tensors',
      `${integer(1)}.${tuple(integer(10), integer(9))}.${int32s(0, 0)}${int64s(0)}`,
      /storage of tensor 10, got none/,
    ],
    [
      'a tensor past its storage',
      'tensors',
      `${integer(1)}.${describedTensor}.${int32s(1, 0)}${int64s(2, 1, 1)}`,
      /within the 2 values of its storage, got 3/,
    ],
    ['a tensor cut off', 'tensors', `${integer(1)}.${describedTensor}.${int32s(1, 0)}${int64s(2)}`, /8 more bytes of tensors/],
    ['the number of no tensor', 'pickle', `${text('11')}Q.`, /number of a tensor, got another/],
    ['a list as the number of a tensor', 'pickle', `]Q.`, /number of a storage or a tensor/],
  ])('refuses %s', (_, part, content, message) => {
    expect(() => readPyTorchCheckpoint(archive({ [part]: content }))).toThrow(
      expect.objectContaining({ code: 'CORRUPT_FILE', message: expect.stringMatching(message) }),
    );
  });
  it('refuses a view that reaches beyond its storage where a tensor uses it', () => {
    const storages = `${storage}](${tuple(integer(3), integer(1), integer(1), integer(2))}e.`;
    expect(read(archive({ storages }))).toEqual([['w', [2], [1, 2]]]);
    const tensors = PARTS.tensors.replace(describedTensor, tuple(integer(10), integer(3), 'N'));
    expect(() => readPyTorchCheckpoint(archive({ storages, tensors }))).toThrow(/a piece of a storage of 2 values for w, got 2 from 1/);
  });
});
