import { NetSpaceError } from '@netspace/prep';
import { checkAlive, guardOf } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

interface Space {
  readonly config: { readonly embeddingSize: number };
  readonly variables: Readonly<Record<string, tf.Variable>>;
}

/**
 * Checks that a space was not disposed of.
 *
 * @throws NetSpaceError `INVALID_OPTION`
 */
export function checkKept({ variables }: Space, method: string): void {
  if (variables[Object.keys(variables)[0]!]?.isDisposed !== true) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `NetSpace.${method}: expected a space, got one that was disposed of; dispose of it after this call`,
  );
}

/**
 * Checks that a space can decode embeddings.
 *
 * @param options `look`: whether to look for NaN and infinities, on backends where this waits for no device
 * @throws NetSpaceError `SHAPE_MISMATCH` for another shape, `INVALID_OPTION` for disposed embeddings, NaN and infinities
 */
export function checkEmbeddings(
  space: Space,
  method: string,
  embeddings: tf.Tensor2D,
  { look = true }: { readonly look?: boolean } = {},
): void {
  checkKept(space, method);
  const { embeddingSize } = space.config;
  checkAlive(`NetSpace.${method}`, [embeddings], () => `embeddings [B, ${embeddingSize}]`);
  if (embeddings.rank !== 2 || embeddings.shape[1] !== embeddingSize || embeddings.shape[0] === 0) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `NetSpace.${method}: expected embeddings as [B, ${embeddingSize}], got [${embeddings.shape}]; pass one row or more`,
    );
  }
  // NaN decodes to NaN, so on a device there is nothing to add.
  if (look) tf.dispose(guardOf(`NetSpace.${method}`, embeddings, () => [['the embeddings', embeddings]]));
}
