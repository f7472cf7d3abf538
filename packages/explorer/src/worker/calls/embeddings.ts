import { embeddingAt } from '../places/place.js';
import type { Calls } from '../messages/protocol.js';
import type { Session } from '../session.js';

/** The embeddings at places, as numbers to copy. */
export const embeddings = (session: Session, { places }: Calls['embeddings']['request']): Calls['embeddings']['answer'] =>
  places.map((place) => [...embeddingAt(session, place)]);
