import { deflateSync, inflateSync } from 'fflate';

import type { Opened } from '../worker/messages/protocol.js';
import { fromBase64, toBase64 } from './base64.js';
import type { Drawn, Kept, State } from './state.js';

/** A longer address is cut by programs that people send it with. */
export const MOST_LETTERS = 8000;
const MOST_ENTRIES = 50;
const MOST_NAME = 120;

/** What an address holds beyond the view: the drawing, labelled drawings, places that are no networks of the folder. */
export interface Extras {
  readonly pad: State['pad'];
  readonly drawn: readonly Drawn[];
  /** In the address's order; undefined where it makes no sense for this space. */
  readonly linked: readonly (LinkedPlace | undefined)[];
}

/** A place that a link brings. */
export interface LinkedPlace {
  readonly id: string;
  readonly name: string;
  readonly kind: Kept['kind'];
  readonly embedding: Float32Array<ArrayBuffer>;
}

/** Entries of an address, and in words what did not fit. */
export interface WrittenExtras {
  readonly entries: readonly (readonly [key: string, value: string])[];
  /** Ids of the kept places that are in it, in order. */
  readonly linked: readonly string[];
  readonly leftOut: readonly string[];
}

type Source = Pick<State, 'view' | 'pad' | 'drawn' | 'kept'>;
const KINDS: readonly Kept['kind'][] = ['found', 'brought', 'refined'];

/** @param room letters that there are */
export function writeExtras(state: Source, room: number): WrittenExtras {
  const entries: [string, string][] = [];
  const linked: string[] = [];
  const leftOut: string[] = [];
  let left = room;
  const fits = (key: string, value: string): boolean => {
    const length = key.length + encodeURIComponent(value).length + 2;
    if (length > left || entries.length >= MOST_ENTRIES) return false;
    left -= length;
    entries.push([key, value]);
    return true;
  };
  const { pad, view, drawn } = state;
  if (pad !== undefined && view.image === undefined && !fits('pad', packed(pad))) leftOut.push('the drawing');
  for (const one of usedKept(state)) {
    if (one.embedding === undefined) continue; // it comes in a moment
    const value = `${one.kind[0]}${lettersOf(one.embedding)}.${one.name.slice(0, MOST_NAME)}`;
    if (fits('kept', value)) linked.push(one.id);
    else leftOut.push(`the place of "${one.name}"`);
  }
  const missing = drawn.filter(({ pixels, label }) => !fits('drawn', `${label}.${packed(pixels)}`)).length;
  if (missing > 0) leftOut.push(`${missing} of ${drawn.length} labelled drawings`);
  return { entries, linked, leftOut };
}

/** Those that the view stands on come first, then what was brought. */
function usedKept({ view, kept }: Source): readonly Kept[] {
  const used = new Set([view.cursor, ...view.walk.stops].flatMap((place) => (place.at === 'kept' ? [place.id] : [])));
  return [...kept.filter(({ id }) => used.has(id)), ...kept.filter(({ id, kind }) => !used.has(id) && kind === 'brought')];
}

/** Ids of the places that an address brings, of whatever size their embeddings are. */
export const linkedIds = (text: string): readonly string[] => keptEntries(text).map(idOf);

/** @param opened what an address may hold depends on the size of images and of embeddings */
export function readExtras(text: string, { sample, embeddingSize }: Pick<Opened, 'sample' | 'embeddingSize'>): Extras {
  const entries = new URLSearchParams(text.slice(0, 100_000));
  const pixels = sample === undefined ? 0 : sample.height * sample.width * sample.channels;
  const pad = unpacked(entries.get('pad') ?? '', pixels);
  const drawn = entries.getAll('drawn').slice(0, MOST_ENTRIES).flatMap((value): Drawn[] => {
    const [, label, rest] = /^(\d{1,4})\.([\w-]*)$/.exec(value) ?? [];
    const image = rest === undefined ? undefined : unpacked(rest, pixels);
    return image === undefined ? [] : [{ pixels: image, label: Number(label) }];
  }); // prettier-ignore
  const linked = keptEntries(text).map((value): LinkedPlace | undefined => {
    const [, letter, letters = '', name = ''] = /^(\w)([\w-]*)\.(.*)$/s.exec(value) ?? [];
    const kind = KINDS.find((one) => one[0] === letter);
    const bytes = fromBase64(letters);
    if (kind === undefined || bytes === undefined || bytes.length !== 4 * embeddingSize) return undefined;
    const embedding = new Float32Array(bytes.buffer);
    return embedding.every(Number.isFinite) ? { id: idOf(value), name: name.slice(0, MOST_NAME), kind, embedding } : undefined;
  });
  return { pad, drawn, linked };
}

const keptEntries = (text: string): readonly string[] => new URLSearchParams(text.slice(0, 100_000)).getAll('kept').slice(0, MOST_ENTRIES);

/** The same for the same place, so that a link that is followed twice brings it once (FNV-1a). */
function idOf(value: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193);
  return `link ${(hash >>> 0).toString(36)} ${value.length}`;
}

const LETTERS = new WeakMap<object, string>();
const remembered = (of: object, make: () => string): string => {
  const letters = LETTERS.get(of) ?? make();
  LETTERS.set(of, letters);
  return letters;
};

/** Little-endian, as all machines are that have browsers. */
const lettersOf = (embedding: Float32Array): string => remembered(embedding, () => toBase64(new Uint8Array(embedding.slice().buffer)));

const packed = (image: Uint8Array): string => remembered(image, () => toBase64(deflateSync(image, { level: 9 })));

/** @returns undefined if it is not exactly so many bytes: an address may come from anybody */
function unpacked(letters: string, length: number): Uint8Array<ArrayBuffer> | undefined {
  const bytes = fromBase64(letters);
  if (bytes === undefined || bytes.length === 0 || length === 0) return undefined;
  try {
    const image = inflateSync(bytes, { out: new Uint8Array(length + 1) }); // one more, to see that there are no more
    return image.length === length ? image.slice() : undefined;
  } catch {
    return undefined;
  }
}
