import { imageFromFile } from '../../draw/pen.js';
import { type Page, report } from '../page.js';

/** Puts an image file on the pad, where the networks classify it. */
export async function takeImage({ store }: Page, file: File): Promise<void> {
  const { opened, view } = store.get();
  const sample = opened?.sample;
  if (sample === undefined) {
    const why = opened?.manifest.kind === 'sdf' ? 'the networks of this space read no images' : 'this space has no sample, so the page does not know what images its networks read'; // prettier-ignore
    report(store, new Error(`${file.name} is an image, and ${why}. Drop a network, or the folder or zip of a space.`));
    return;
  }
  try {
    const pad = await imageFromFile(file, sample);
    store.change({ ...(view.tab !== 'draw' && { tab: 'draw' }), image: undefined }, { pad });
  } catch {
    report(store, new Error(`${file.name} is not an image that this browser reads. Use PNG, JPEG or WebP.`));
  }
}

export const isImage = (file: File): boolean => file.type.startsWith('image/');
