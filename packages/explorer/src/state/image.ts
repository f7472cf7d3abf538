import { centered } from '../draw/pen.js';
import type { Opened, Sample } from '../worker/messages/protocol.js';
import type { State } from './state.js';

/** The image that is classified: one of the sample, or what was drawn. Undefined: there is none. */
export function imageShown({ view, pad, opened }: State): Uint8Array<ArrayBuffer> | undefined {
  if (opened?.sample === undefined) return undefined;
  if (view.image === undefined) return pad && seenOf(pad, opened.sample);
  return sampleImage(opened, Math.min(view.image, opened.sample.count - 1));
}

/** What networks see of a drawn image: a gray one is centered, as the digits that they were trained on are. */
export const seenOf = (pad: Uint8Array<ArrayBuffer>, sample: Sample): Uint8Array<ArrayBuffer> =>
  sample.channels === 1 ? centered(pad, sample) : pad;

/** One image of the sample, HWC; the same object each time. */
export function sampleImage(opened: Opened, index: number): Uint8Array<ArrayBuffer> | undefined {
  const { sample } = opened;
  if (sample === undefined || index < 0 || index >= sample.count) return undefined;
  const known = IMAGES.get(opened) ?? new Map<number, Uint8Array<ArrayBuffer>>();
  IMAGES.set(opened, known);
  const length = sample.height * sample.width * sample.channels;
  const image = known.get(index) ?? sample.images.slice(index * length, (index + 1) * length);
  known.set(index, image);
  return image;
}

const IMAGES = new WeakMap<Opened, Map<number, Uint8Array<ArrayBuffer>>>();
