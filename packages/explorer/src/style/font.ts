import inter from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url';

let added = false;

/** Gives the document Inter, which a shadow root's own styles cannot. Until it is there, or where it may not load, the system's letters serve. */
export function addFont(): void {
  if (added) return;
  added = true;
  const face = new FontFace('Inter Variable', `url(${JSON.stringify(inter)})`, { weight: '100 900', display: 'swap' });
  document.fonts.add(face);
  face.load().catch(() => undefined);
}
