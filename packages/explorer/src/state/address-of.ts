import { writeAddress } from './address.js';
import { MOST_LETTERS, writeExtras } from './address-extras.js';
import { firstView } from './first-view.js';
import { namesOf } from './places.js';
import type { State } from './state.js';

/** An address that shows what the page shows now. */
export interface Address {
  /** What stands after `#`. */
  readonly text: string;
  /** In words, what it cannot bring back. */
  readonly leftOut: readonly string[];
}

/** @param state of an open folder */
export function addressOf(state: State): Address {
  const { opened, view, kept, run, refined, brought, dropped } = state;
  const book = { names: namesOf(state), kept, linked: [] as readonly string[] };
  const first = firstView(opened!);
  const room = MOST_LETTERS - writeAddress(view, first, book).length;
  const { entries, linked, leftOut } = writeExtras(state, room);
  const main = writeAddress(view, first, { ...book, linked });
  const rest = new URLSearchParams(entries.map(([key, value]) => [key, value])).toString();
  return {
    text: [main, rest].filter((part) => part !== '').join('&'),
    leftOut: [
      ...(dropped ? ['the space itself, which was dropped here'] : []),
      ...leftOut,
      ...(brought.length > 0 ? ['the weights of networks that were brought (their places are in it)'] : []),
      ...(refined.size > 0 ? ['how refined networks compare'] : []),
      ...(run !== undefined ? ["the optimizer's steps"] : []),
    ],
  };
}
