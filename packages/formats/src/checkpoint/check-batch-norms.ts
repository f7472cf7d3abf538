import { type Architecture, type FoldedBatchNorm, NetSpaceError } from '@netspace/prep';
import { flag, objectOf, optional, parseOptions, text, valueOf } from '@netspace/prep/internal';

const foldedBatchNorm = objectOf({
  weight: text,
  bias: text,
  convolution: optional(text),
  norm: text,
  epsilon: optional(valueOf<number | 'unknown'>("a number from 0 up, or 'unknown'", isEpsilon)),
  hasBias: optional(flag),
});

function isEpsilon(value: unknown): boolean {
  return value === 'unknown' || (typeof value === 'number' && value >= 0);
}

const checked = new WeakSet<readonly FoldedBatchNorm[]>();

/**
 * Checks `batchNorms` of an architecture that somebody wrote: a misspelt key would leave a norm out, and the network would compute something else.
 *
 * @throws NetSpaceError `INVALID_OPTION` if a key is unknown, missing or wrong, or a layer's weight is given as a norm's
 */
export function checkBatchNorms(caller: string, { name, parameters, batchNorms = [] }: Architecture): void {
  if (checked.has(batchNorms)) return;
  const shapes = new Map(parameters.map((spec) => [spec.name, spec.shape]));
  for (const [i, given] of batchNorms.entries()) {
    const { weight, convolution } = parseOptions(`${caller}: batchNorms[${i}] of ${name}`, foldedBatchNorm, given);
    const shape = shapes.get(weight);
    if (convolution !== undefined || shape === undefined || shape.length === 1) continue;
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${caller}: expected convolution in batchNorms[${i}] of ${name}, got none, while ${weight} [${shape}] is the weight of a layer; name the layer before folding, such as ${weight.replace(/\.?weight$/, '')}`,
    );
  }
  checked.add(batchNorms);
}
