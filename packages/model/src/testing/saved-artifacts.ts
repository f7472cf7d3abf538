import * as tf from '@tensorflow/tfjs-core';

import type { NetSpace } from '../net-space.js';

/** What a space hands to a handler that saves it. */
export async function savedArtifacts(space: NetSpace, options: Parameters<NetSpace['save']>[1] = {}): Promise<tf.io.ModelArtifacts> {
  let saved: tf.io.ModelArtifacts | undefined;
  const modelArtifactsInfo = { dateSaved: new Date(0), modelTopologyType: 'JSON' } as const;
  await space.save(
    tf.io.withSaveHandler((artifacts) => Promise.resolve(((saved = artifacts), { modelArtifactsInfo }))),
    options,
  );
  return saved!;
}

/** A handler that loads the artifacts of a space with something else in its config. */
export function withConfig(artifacts: tf.io.ModelArtifacts, changes: object): tf.io.IOHandler {
  const topology = artifacts.modelTopology as { config: object };
  return tf.io.fromMemory({ ...artifacts, modelTopology: { ...topology, config: { ...topology.config, ...changes } } });
}
