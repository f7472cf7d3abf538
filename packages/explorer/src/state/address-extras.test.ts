import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { linkedIds, MOST_LETTERS, readExtras, writeExtras } from './address-extras.js';
import { FIRST_VIEW, type Kept } from './state.js';

const SIZE = 6;
const sample = { count: 1, height: 4, width: 5, channels: 1, images: new Uint8Array(20), labels: new Uint8Array(1) };
const opened = { sample, embeddingSize: SIZE };
const view = { ...FIRST_VIEW, image: undefined };
const textOf = (entries: readonly (readonly [string, string])[]) => new URLSearchParams(entries.map(([a, b]) => [a, b])).toString();
const kept = (id: string, name: string, kind: Kept['kind'], first: number): Kept => ({
  ...{ id, name, kind, x: 0, y: 0 },
  embedding: Float32Array.from({ length: SIZE }, (_, i) => first + i / 3),
});

describe('what an address holds beyond the view', () => {
  it('brings back the drawing, labelled drawings and places, to the bit, whatever they are called', () => {
    const pixels = fc.uint8Array({ minLength: 20, maxLength: 20 });
    const numbers = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: SIZE, maxLength: SIZE });
    fc.assert(
      fc.property(pixels, fc.array(fc.tuple(pixels, fc.nat(9))), fc.string({ maxLength: 40 }), numbers, (pad, some, name, values) => {
        const drawn = some.map(([image, label]) => ({ pixels: image.slice(), label }));
        const place: Kept = { id: 'a', name, kind: 'brought', x: 0, y: 0, embedding: Float32Array.from(values) };
        const { entries, linked, leftOut } = writeExtras({ view, pad: pad.slice(), drawn, kept: [place] }, MOST_LETTERS);
        expect([linked, leftOut]).toEqual([['a'], []]);
        const read = readExtras(`tab=look&${textOf(entries)}`, opened);
        expect([read.pad, read.drawn]).toEqual([pad, drawn]);
        expect(read.linked).toEqual([{ id: linkedIds(textOf(entries))[0], name, kind: 'brought', embedding: place.embedding }]);
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  it('leaves out, by name, what is too long: first what one does not look at', () => {
    const places = [kept('1', 'first', 'brought', 1), kept('2', 'second', 'brought', 2), kept('3', 'third', 'found', 3)];
    const looked = { ...view, image: 0, cursor: { at: 'kept', id: '3' } as const };
    const room = 2 * (textOf(writeExtras({ view: looked, pad: undefined, drawn: [], kept: [places[2]!] }, 999).entries).length + 4);
    const { linked, leftOut } = writeExtras({ view: looked, pad: undefined, drawn: [], kept: places }, room);
    expect(linked).toEqual(['3', '1']);
    expect(leftOut).toEqual(['the place of "second"']);
  });

  it('takes nothing of another space, and nothing that makes no sense', () => {
    const { entries } = writeExtras(
      { view, pad: new Uint8Array(20).fill(7), drawn: [], kept: [kept('1', 'x', 'brought', 1)] },
      MOST_LETTERS,
    );
    const other = readExtras(textOf(entries), { sample: { ...sample, width: 6 }, embeddingSize: SIZE + 1 });
    expect(other).toEqual({ pad: undefined, drawn: [], linked: [undefined] });
    const nonsense = `pad=%%%&pad=x&drawn=3.&drawn=-1.AA&drawn=x&kept=b&kept=zAAAA.name&kept=b${'A'.repeat(32)}&kept=b__9__3-_f.n`;
    expect(readExtras(nonsense, opened)).toMatchObject({ pad: undefined, drawn: [] });
    expect(readExtras(nonsense, opened).linked.every((one) => one === undefined)).toBe(true);
    // A bomb: a kilobyte that unpacks to a megabyte.
    const [, bomb] = writeExtras({ view, pad: new Uint8Array(1e6), drawn: [], kept: [] }, MOST_LETTERS).entries[0]!;
    expect(readExtras(`pad=${bomb}`, opened).pad).toBeUndefined();
  });

  it('refuses numbers that are none', () => {
    const bad = { ...kept('1', 'x', 'brought', 1), embedding: Float32Array.of(1, NaN, 1, 1, 1, 1) };
    expect(readExtras(textOf(writeExtras({ view, pad: undefined, drawn: [], kept: [bad] }, MOST_LETTERS).entries), opened).linked).toEqual([undefined]); // prettier-ignore
  });
});
