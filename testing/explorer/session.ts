import { NetSpace } from '@netspace/model';
import { disposeInstances, type Instance } from '@netspace/prep';
import { architectureByName, createImageDataset, initialize, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { principalPlane } from '../../packages/explorer/src/worker/plane/principal-plane.js';
import type { Session } from '../../packages/explorer/src/worker/session.js';

export interface SmallSession {
  readonly session: Session;
  /** The networks of its map. */
  readonly instances: readonly Instance[];
  dispose(): void;
}

const NAMES = ['a', 'b', 'c'] as const;

/** What a worker has of an open folder, made in Node: three networks that nobody trained. Their weights are here for those who look for them. */
export async function smallSession(kind: 'classifier' | 'sdf'): Promise<SmallSession> {
  const architecture =
    kind === 'sdf' ? siren({ inputs: 3, hidden: 8, layers: 1, outputs: 1, omega: 10 }) : architectureByName('lenet-like-1x28x28-10-w0.25');
  const instances = NAMES.map((_, i) => {
    const scheme = kind === 'sdf' ? ({ scheme: 'siren' } as const) : {};
    const parameters = initialize(architecture.parameters, { seed: 3 + i, ...scheme });
    // Distances so small that few of them are clipped, where a refinement would see no slope.
    return { architecture, parameters: kind === 'sdf' ? parameters.map((one, at) => (at < parameters.length - 2 ? one : scaled(one, 0.1))) : parameters }; // prettier-ignore
  });
  const prepShape = kind === 'sdf' ? ([4, 48] as const) : ([16, 768] as const);
  const space = new NetSpace({ architectures: [architecture], prepShape, preset: 'tiny', start: { from: 'instance', instance: instances[0]! }, seed: 1 }); // prettier-ignore
  const encoded = space.encode(instances);
  const embeddings = new Float32Array(await encoded.data());
  encoded.dispose();
  const size = space.config.embeddingSize;
  const networks = NAMES.map((name) => ({ name, architecture: architecture.name, heldOut: false, metrics: {} }));
  const count = 20;
  const dataset = createImageDataset({
    ...{ name: 'noise', shape: [28, 28, 1], classes: 10, mean: [0.13], std: [0.31] },
    images: Uint8Array.from({ length: 784 * count }, (_, i) => (i * 97 + Math.floor(i / 784) * 31) % 256),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
  });
  const session: Session = {
    manifest: { schemaVersion: 1, title: 'Small', description: '', kind, space: 's', embeddings: 'e', networks },
    ...{ space, size, embeddings, plane: principalPlane(embeddings, NAMES.length, size), points: new Float32Array(2 * NAMES.length) },
    ...{ rows: new Map(NAMES.map((name, row) => [name, row])), dataset: kind === 'sdf' ? undefined : dataset },
    ...{ classes: kind === 'sdf' ? undefined : 10, zoo: undefined, withWeights: new Set<string>() },
    ...{ kept: new Map(), brought: new Map(), voters: {} },
  };
  return {
    ...{ session, instances },
    dispose() {
      disposeInstances(instances);
      space.dispose();
    },
  };
}

function scaled(tensor: tf.Tensor, by: number): tf.Tensor {
  const result = tf.mul(tensor, by);
  tensor.dispose();
  return result;
}
