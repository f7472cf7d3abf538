import { packPRep, parameterCount, type Instance } from '@netspace/prep';

/** A parameter with the hidden channels that its axes run over; `undefined` for pixels, inputs and classes. */
export interface GroupedParameter {
  /** Row-major. */
  readonly data: Float32Array;
  readonly shape: readonly number[];
  /** Name of the group of channels at each axis. */
  readonly groups: readonly (string | undefined)[];
}

/** All parameters of a network, in its architecture's order. */
export type Weights = readonly GroupedParameter[];

/**
 * The parameters of a network, and which of their axes must be permuted together for its outputs to stay as they are.
 *
 * The groups are those that the architecture's specs name as `channels`; an axis that runs over channels and pixels becomes two axes.
 *
 * @returns numbers in PyTorch's order, one entry a parameter
 * @throws NetSpaceError `SHAPE_MISMATCH` if a parameter's shape is not its architecture's
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
  // A bias has its layer's channels and nothing else.
  const counts = new Map(specs.flatMap(({ shape, channels = [] }) => (shape.length === 1 ? [[channels[0], shape[0]!] as const] : [])));
  let end = 0;
  return specs.map(({ shape, channels = [] }) => {
    const axes = shape.flatMap((size, axis) => {
      const group = channels[axis];
      const count = group === undefined ? size : counts.get(group)!;
      // A linear layer behind an image reads channel after channel, each with all its pixels.
      return count === size
        ? [{ size, group }]
        : [
            { size: count, group },
            { size: size / count, group: undefined },
          ];
    });
    const begin = end;
    end += shape.reduce((product, size) => product * size, 1);
    return { data: values.slice(begin, end), shape: axes.map(({ size }) => size), groups: axes.map(({ group }) => group) };
  });
}
