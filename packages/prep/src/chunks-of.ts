import { joinBytes } from './join-bytes.js';

/** The parts of an answer's body as they come; a caller that stops early ends the download. */
export async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel().catch(() => undefined); // a broken body has told so already
  }
}

/**
 * All bytes of an answer's body, counted as they come: what the server says of their number is not trusted.
 *
 * @param tooMany the error beyond the limit, for the bytes that came so far
 */
export async function collectBytes(
  body: ReadableStream<Uint8Array>,
  limit: number,
  tooMany: (length: number) => Error,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunksOf(body)) {
    length += chunk.byteLength;
    if (length > limit) throw tooMany(length);
    parts.push(chunk);
  }
  return joinBytes(parts);
}
