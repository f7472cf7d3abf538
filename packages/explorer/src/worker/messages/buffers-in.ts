/** The buffers of all arrays in an answer, which go to the page without a copy. */
export function buffersIn(value: unknown, depth = 0): ArrayBuffer[] {
  if (typeof value !== 'object' || value === null || depth > 3) return [];
  if (ArrayBuffer.isView(value)) return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
  const found = Object.values(value).flatMap((inner) => (typeof inner === 'object' ? buffersIn(inner, depth + 1) : []));
  return [...new Set(found)];
}
