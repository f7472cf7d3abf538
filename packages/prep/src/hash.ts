/**
 * Two rounds of FNV-1a with different primes: a name for what has no other, not a seal.
 *
 * @param content a text, by its UTF-16 units, or bytes
 * @returns 13 hexadecimal digits
 */
export function hashOf(content: string | Uint8Array): string {
  const at = typeof content === 'string' ? (i: number) => content.charCodeAt(i) : (i: number) => content[i]!;
  const digits = [0x01000193, 0x01000199].map((prime) => {
    let state = 0x811c9dc5;
    for (let i = 0; i < content.length; i++) state = Math.imul(state ^ at(i), prime);
    return (state >>> 0).toString(16).padStart(8, '0');
  });
  return digits.join('').slice(0, 13);
}
