/** `812 bytes`, `3.1 kB`, `829 MB`, `1.2 GB`; a thousand of each is one of the next. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const power = Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${['', 'kB', 'MB', 'GB'][power]}`;
}
