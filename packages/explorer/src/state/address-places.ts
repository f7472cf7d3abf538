import type { Place } from '../worker/messages/protocol.js';
import type { Kept } from './state.js';

/** What an address needs to know of the folder: a selection is a list of rows, and a kept place is written by its position. */
export interface AddressBook {
  readonly names: readonly string[];
  readonly kept: readonly Kept[];
  /** Ids of the kept places whose embeddings the address holds, in order. */
  readonly linked: readonly string[];
}

/**
 * A place in an address: `x,y` on the plane, a network's name after `=`, or after `*` which of the places whose embeddings the address holds. Of
 * any other kept place its position on the plane is written; a mix is never written (the walk is).
 */
export function writePlace(place: Place, { kept, linked }: AddressBook): string {
  if (place.at === 'network') return `=${place.name.replaceAll('!', '!!').replaceAll('~', '!-')}`;
  if (place.at === 'plane') return `${short(place.x)},${short(place.y)}`;
  const index = place.at === 'kept' ? linked.indexOf(place.id) : -1;
  if (index >= 0) return `*${index}`;
  const known = place.at === 'kept' ? kept.find(({ id }) => id === place.id) : undefined;
  return known === undefined ? '' : `${short(known.x)},${short(known.y)}`;
}

/** @returns undefined if it makes no sense, or names a network that is not in the folder */
export function readPlace(text: string, { names, linked }: AddressBook): Place | undefined {
  if (/^\*\d{1,3}$/.test(text)) {
    const id = linked[Number(text.slice(1))];
    return id === undefined || id === '' ? undefined : { at: 'kept', id };
  }
  if (text.startsWith('=')) {
    const name = text.slice(1).replace(/!(.)/g, (_, code: string) => (code === '-' ? '~' : '!'));
    return names.includes(name) ? { at: 'network', name } : undefined;
  }
  const [x, y, ...rest] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (x === undefined || y === undefined || rest.length > 0 || !Number.isFinite(x) || !Number.isFinite(y)) return undefined;
  return { at: 'plane', x, y };
}

const short = (value: number): string => String(Number(value.toPrecision(6)));
