import type { Instance, ParameterSpec } from '@netspace/prep';

/** A parameter with the hidden channels that its axes run over; `undefined` for pixels, inputs and classes. */
export interface GroupedParameter {
  /** Row-major. */
  readonly data: Float32Array;
  readonly shape: readonly number[];
  /** Name of the group of channels at each axis. */
  readonly groups: readonly (string | undefined)[];
}

/**
 * The parameters of a ResNet, and which of their axes must be permuted together: the channels of a stage, which the identities tie to each
 * other, and the channels within each block. Any such permutation leaves the network's outputs as they are.
 *
 * @throws Error for parameters of other networks
 */
export async function groupedParameters({ architecture, parameters }: Instance): Promise<readonly GroupedParameter[]> {
  const values = await Promise.all(parameters.map((tensor) => tensor.data<'float32'>()));
  return architecture.parameters.map((spec, i) => {
    const [inputs, outputs] = groupsOf(spec);
    const { shape } = parameters[i]!;
    const data = values[i]!;
    if (shape.length === 1) return { data, shape, groups: [outputs] };
    if (shape.length === 4) return { data, shape, groups: [undefined, undefined, inputs, outputs] }; // HWIO
    const [rows, classes] = shape as [number, number];
    // The linear layer reads channel after channel, each with all its pixels.
    const pixels = rows / lastStageChannels(architecture.parameters);
    return { data, shape: [rows / pixels, pixels, classes], groups: [inputs, undefined, undefined] };
  });
}

const STAGES = 3;

function groupsOf({ name }: ParameterSpec): readonly [inputs: string | undefined, outputs: string | undefined] {
  const layer = name.replace(/\.(weight|bias)$/, '');
  if (layer === 'conv1') return [undefined, 'stage 0'];
  if (layer === 'fc') return [`stage ${STAGES - 1}`, undefined];
  const match = /^layers\.(\d+)\.(\d+)\.(conv1|conv2|downsample)$/.exec(layer);
  if (match === null) throw new Error(`expected a parameter of a ResNet, got ${name}`);
  const [stage, block] = [Number(match[1]), Number(match[2])];
  const before = `stage ${block === 0 && stage > 0 ? stage - 1 : stage}`;
  const inside = `block ${stage}.${block}`;
  if (match[3] === 'conv1') return [before, inside];
  return [match[3] === 'conv2' ? inside : before, `stage ${stage}`];
}

const lastStageChannels = (specs: readonly ParameterSpec[]): number =>
  specs.filter(({ name }) => name.endsWith('conv2.bias')).at(-1)!.shape[0]!;
