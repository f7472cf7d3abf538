import { instanceToRawTensors, writeSafetensors } from '@netspace/formats';
import { kerasModel } from '@netspace/zoo/internal';

import { decodeAt } from '../places/decode-at.js';
import { embeddingAt } from '../places/place.js';
import type { Calls } from '../messages/protocol.js';
import type { Session } from '../session.js';

/** The network at a place, as decoded, as files: safetensors with PyTorch's names, or a TensorFlow.js model. */
export async function download(session: Session, { place, format }: Calls['download']['request']): Promise<Calls['download']['answer']> {
  const { manifest } = session;
  const decoded = await decodeAt(session, embeddingAt(session, place));
  try {
    const { architecture } = decoded.network;
    if (format === 'tfjs') {
      const { mean, std } = manifest.sample ?? {};
      return await kerasModel(decoded.network, { ...(manifest.classes && { classes: manifest.classes }), ...(mean && { mean, std }) });
    }
    const metadata = { architecture: architecture.name, from: manifest.title };
    const bytes = writeSafetensors(await instanceToRawTensors(decoded.network), { metadata });
    return [{ name: `${architecture.name}.safetensors`, bytes: new Uint8Array(bytes) }];
  } finally {
    decoded.dispose();
  }
}
