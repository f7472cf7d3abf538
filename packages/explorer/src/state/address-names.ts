const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Chosen networks in an address: rows as ranges (`0-4,9`), or six rows a letter after `*` where that is shorter. */
export function writeNames(chosen: readonly string[], names: readonly string[]): string {
  if (chosen.length === 0) return '';
  const set = new Set(chosen);
  const rows = names.flatMap((name, row) => (set.has(name) ? [row] : []));
  const ranges: string[] = [];
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]!;
    while (i + 1 < rows.length && rows[i + 1] === rows[i]! + 1) i++;
    ranges.push(rows[i] === from ? `${from}` : `${from}-${rows[i]}`);
  }
  const asRanges = ranges.join(',');
  const length = Math.ceil(((rows.at(-1) ?? 0) + 1) / 6);
  if (asRanges.length <= length + 1) return asRanges;
  const letters = new Uint8Array(length);
  for (const row of rows) letters[Math.floor(row / 6)]! |= 1 << (row % 6);
  return `*${Array.from(letters, (letter) => DIGITS[letter]).join('')}`;
}

/** Rows that are not in the folder are left out. */
export function readNames(text: string, names: readonly string[]): readonly string[] {
  if (text.startsWith('*')) {
    return names.filter((_, row) => (DIGITS.indexOf(text[1 + Math.floor(row / 6)] ?? 'A') & (1 << (row % 6))) > 0);
  }
  const chosen = new Set<number>();
  for (const range of text.split(',')) {
    const [from = NaN, to = from] = /^\d{1,9}(-\d{1,9})?$/.test(range) ? range.split('-').map(Number) : [];
    for (let row = Math.max(0, from); row <= Math.min(names.length - 1, to); row++) chosen.add(row);
  }
  return names.filter((_, row) => chosen.has(row));
}
