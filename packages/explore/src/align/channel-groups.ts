import { type ChannelPiece, type Instance, packPRep, parameterCount, type ParameterSpec } from '@netspace/prep';
import { channelAxes } from '@netspace/prep/internal';

/** Numbers of a parameter with the hidden channels that its axes run over; `undefined` for pixels, inputs and classes. */
export interface GroupedParameter {
  /** Row-major. */
  readonly data: Float32Array;
  readonly shape: readonly number[];
  /** Name of the group of channels at each axis. */
  readonly groups: readonly (string | undefined)[];
  /**
   * Name of the units whose sign each axis follows.
   *
   * @default none
   */
  readonly signs?: readonly (string | undefined)[];
  /**
   * What can be added to each number without changing what the network does.
   *
   * @default none
   */
  readonly period?: number;
}

/** All parameters of a network, in its architecture's order. */
export type Weights = readonly GroupedParameter[];

/**
 * The parameters of a network, with the axes that must be permuted together so that its outputs stay the same.
 *
 * The groups are those that the architecture's specs name as `channels`; an axis that runs over channels and pixels becomes two axes. A
 * parameter of which an axis runs over several groups one behind the other becomes one entry a group.
 *
 * @returns numbers in PyTorch's order, at least one entry a parameter
 * @throws NetSpaceError `SHAPE_MISMATCH` if a parameter's shape is not its architecture's, `INVALID_OPTION` if its channels do not fit its
 * shape
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { groupedParameters } from '@netspace/explore';
 * import { initialize, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ hidden: 4, layers: 0 });
 * const [weight] = await groupedParameters({ architecture, parameters: initialize(architecture.parameters, { seed: 1 }) });
 * console.log(weight!.shape, weight!.groups); // [ 4, 3 ] [ 'mlp.0', undefined ]
 * ```
 */
export async function groupedParameters(instance: Instance): Promise<Weights> {
  const specs = instance.architecture.parameters;
  const prep = packPRep(instance, [1, parameterCount(specs)]);
  const values = await prep.data<'float32'>();
  prep.dispose();
  const { axes } = channelAxes('groupedParameters', specs);
  let end = 0;
  return specs.flatMap((spec, i) => {
    const begin = end;
    end += parameterCount([spec]);
    return grouped(spec, values.slice(begin, end), axes[i]!);
  });
}

/** One entry for each choice of a piece of each axis. */
function grouped({ shape, signs = [], period }: ParameterSpec, data: Float32Array, axes: readonly (readonly ChannelPiece[])[]): Weights {
  const blocks = axes.reduce<readonly (readonly Block[])[]>(
    (chosen, pieces) => chosen.flatMap((before) => blocksOf(pieces).map((block) => [...before, block])),
    [[]],
  );
  return blocks.map((chosen) => ({
    data: blocks.length === 1 ? data : cut(data, shape, chosen),
    shape: chosen.flatMap(({ piece }) => piece.map(({ size }) => size)),
    groups: chosen.flatMap(({ piece }) => piece.map(({ channels }) => channels)),
    // A sign goes with all of an axis, which then is one group.
    ...(signs.length === 0 ? {} : { signs: chosen.flatMap(({ piece }, axis) => piece.map(() => signs[axis])) }),
    ...(period === undefined ? {} : { period }),
  }));
}

interface Block {
  readonly begin: number;
  readonly length: number;
  readonly piece: ChannelPiece;
}

function blocksOf(pieces: readonly ChannelPiece[]): readonly Block[] {
  let end = 0;
  return pieces.map((piece) => {
    const length = piece.reduce((product, { size }) => product * size, 1);
    end += length;
    return { begin: end - length, length, piece };
  });
}

/** The numbers of a block, row-major. */
function cut(data: Float32Array, shape: readonly number[], blocks: readonly Block[]): Float32Array {
  let places = [0];
  blocks.forEach(({ begin, length }, axis) => {
    places = places.flatMap((place) => Array.from({ length }, (_, i) => place * shape[axis]! + begin + i));
  });
  return Float32Array.from(places, (place) => data[place]!);
}
