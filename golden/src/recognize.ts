import type { ParameterSpec } from '@netspace/prep';

// The zoo's inner form of a network, whose forward pass reads layer widths off the parameters: a net of the manifest may have others.
import { lenetLikeNetwork } from '../../packages/zoo/src/architectures/lenet-like.js';
import type { Network } from '../../packages/zoo/src/layers/network.js';
import { resnetNetwork } from '../../packages/zoo/src/architectures/resnet.js';
import { sirenNetwork } from '../../packages/zoo/src/architectures/siren.js';
import { vanillaCnnNetwork } from '../../packages/zoo/src/architectures/vanilla-cnn.js';

/** A parameter's name and PyTorch shape, as a manifest or a state dict gives it. */
export type NamedShape = Pick<ParameterSpec, 'name' | 'shape'>;

/** The parameters of a net as specs: convolutions OIHW → HWIO, linear layers [out, in] → [in, out]. */
export const specsOf = (params: readonly NamedShape[]): ParameterSpec[] =>
  params.map(({ name, shape }) => {
    const tensorAxes = shape.length === 4 ? [2, 3, 1, 0] : shape.length === 2 ? [1, 0] : undefined;
    return { name, shape, ...(tensorAxes === undefined ? {} : { tensorAxes }) };
  });

/**
 * The network that has these parameters: its family by their names, its depth and widths by their number and shapes.
 *
 * @param size height and width of the images that it sees; any for a SIREN
 */
export function recognizeNetwork(name: string, params: readonly NamedShape[], size = 1): Network {
  return { ...familyOf(name, params, size), name, parameters: specsOf(params) };
}

function familyOf(name: string, params: readonly NamedShape[], size: number): Network {
  const weights = params.filter((param) => param.name.endsWith('.weight'));
  const blocks = weights.filter((param) => /^layers\.\d+\.\d+\.conv1\.weight$/.test(param.name)).length;
  const [first, last] = [weights[0]?.shape ?? [], weights.at(-1)?.shape ?? []];
  const channels = first[1] ?? 1;
  const task = { channels, size, classes: last[0] ?? 1 };
  if (weights[0]?.name.startsWith('mlp.')) {
    return sirenNetwork({ inputs: channels, hidden: first[0]!, layers: weights.length - 2, outputs: last[0]! });
  }
  if (blocks > 0) return resnetNetwork({ ...task, depth: 2 * blocks + 2 });
  if (weights[0]?.name.startsWith('layers.')) return vanillaCnnNetwork(task);
  if (weights[0]?.name === 'conv1.weight' && weights.some((param) => param.name === 'fc1.weight')) return lenetLikeNetwork(task);
  throw new Error(
    `${name}: expected the parameters of a SIREN, ResNet, VanillaCNN or LeNetLike, got ${params.map((p) => p.name).join(', ')}`,
  );
}
