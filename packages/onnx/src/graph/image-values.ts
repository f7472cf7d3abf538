import type { Graph } from './graph.js';

/** Operators that treat axis 1 as channels and the axes behind it as pixels. */
const IMAGE: ReadonlySet<string> = new Set(
  `Conv ConvTranspose MaxPool AveragePool GlobalAveragePool GlobalMaxPool GlobalLpPool BatchNormalization netspace.Affine InstanceNormalization
  GroupNormalization Resize Upsample LRN DepthToSpace SpaceToDepth`.split(/\s+/),
);

/** Operators that leave axes what they are. */
const KEEPS: ReadonlySet<string> = new Set(
  `Add Sub Mul Div Pow Max Min Sum Mean Relu LeakyRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Swish Softplus Softsign Tanh Gelu Mish PRelu
  Clip Erf Exp Log Sqrt Abs Neg Sin Cos Identity Cast Dropout Pad Slice Concat Softmax LogSoftmax ThresholdedRelu Shrink Where`.split(
    /\s+/,
  ),
);

/** Which values are images `[batch, channels, …pixels]`: inputs that a convolution or its like reads, and what comes out of one. */
export function imageValues({ nodes, inputs, producer }: Graph): ReadonlySet<string> {
  const images = new Set<string>();
  const name = (node: (typeof nodes)[number]): string => (node.domain === '' ? node.operator : `${node.domain}.${node.operator}`);
  for (const node of nodes) {
    const made = IMAGE.has(name(node)) || (KEEPS.has(name(node)) && node.inputs.some((value) => images.has(value)));
    if (made) for (const output of node.outputs) images.add(output);
  }
  const read = new Set<string>();
  for (const node of [...nodes].reverse()) {
    const first = node.inputs[0];
    if (first === undefined) continue;
    if (IMAGE.has(name(node))) read.add(first);
    else if (KEEPS.has(name(node)) && node.outputs.some((output) => read.has(output))) for (const input of node.inputs) read.add(input);
  }
  for (const { name: input, shape, type } of inputs) {
    // PyTorch's images are channels-first, also where the first layer flattens them.
    const turned = nodes.some((node) => node.operator === 'Transpose' && node.inputs[0] === input);
    const flattened = producer === 'pytorch' && shape?.length === 4 && type === 'FLOAT' && !turned;
    if (read.has(input) || flattened) images.add(input);
  }
  return images;
}
