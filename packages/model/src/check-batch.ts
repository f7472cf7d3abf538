import { NetSpaceError, type Architecture, type PRepBatch, type PRepShape } from '@netspace/prep';

interface Space {
  readonly architectures: readonly Architecture[];
  readonly config: { readonly prepShape: PRepShape };
}

/**
 * Checks that a space can encode a batch of PReps.
 *
 * @throws NetSpaceError `SHAPE_MISMATCH` for PReps of another shape or without a ClassId each, `INVALID_OPTION` for PReps alone or an
 * unknown ClassId
 */
export function checkBatch({ architectures, config }: Space, { preps, classIds, usedRows }: PRepBatch): void {
  const [height, width] = config.prepShape;
  if (preps.rank !== 3 || preps.shape[1] !== height || preps.shape[2] !== width) {
    throw new NetSpaceError('SHAPE_MISMATCH', `NetSpace.encode: expected PReps as [B, ${height}, ${width}], got [${preps.shape}]`);
  }
  if (!Array.isArray(classIds) || !Array.isArray(usedRows)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      'NetSpace.encode: expected PReps with classIds and usedRows, got PReps alone; space.pack(instances) makes a batch',
    );
  }
  checkClassIds('encode', architectures, preps.shape[0], classIds);
}

/**
 * Checks that there is one ClassId for each network, and that the space has its architecture. ClassIds may be left out.
 *
 * @throws NetSpaceError `SHAPE_MISMATCH`, `INVALID_OPTION`
 */
export function checkClassIds(
  method: string,
  architectures: readonly Architecture[],
  count: number,
  classIds: readonly number[] | undefined,
): void {
  if (classIds === undefined) return;
  if (classIds.length !== count) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `NetSpace.${method}: expected one ClassId for each of ${count} networks, got ${classIds.length}`,
    );
  }
  const unknown = classIds.find((id) => architectures[id] === undefined);
  if (unknown === undefined) return;
  throw new NetSpaceError('INVALID_OPTION', `NetSpace.${method}: expected a ClassId below ${architectures.length}, got ${unknown}`);
}
