import type { ParameterSpec } from '@netspace/prep';

import type { EncoderConfig } from '../config.js';
import type { DecoderConfig } from '../decoder/decoder-config.js';
import { denseSpecs } from '../decoder/dense-decoder.js';
import { decoderSizes, LAST_CHANNELS } from '../decoder/decoder-sizes.js';

/**
 * The encoder's parameters under the authors' names, in the order of their state dict.
 *
 * With h = `encoderWidth`: `conv1.0` 1 → h and `conv2.0` h → 2h along the width, `conv3.0` 2h → 4h and `conv4.0` 4h → E along
 * the height; each a weight `[out, in, h, w]` and a bias.
 *
 * @example
 * ```ts
 * import { encoderSpecs } from '@netspace/model';
 *
 * const specs = encoderSpecs({ embeddingSize: 64, encoderWidth: 4 });
 * console.log(specs.length, specs[0]?.name, specs[0]?.shape); // 8 conv1.0.weight [ 4, 1, 1, 3 ]
 * ```
 */
export function encoderSpecs({ embeddingSize, encoderWidth: h }: EncoderConfig): ParameterSpec[] {
  return [
    ...convolution('conv1.0', [h, 1, 1, 3]),
    ...convolution('conv2.0', [2 * h, h, 1, 3]),
    ...convolution('conv3.0', [4 * h, 2 * h, 3, 1]),
    ...convolution('conv4.0', [embeddingSize, 4 * h, 3, 1]),
  ];
}

/**
 * The decoder's parameters under the authors' names, in the order of their state dict: the class head (with more than one
 * architecture), four convolutions and the scale layer, whose scale and bias have the PRep's shape. With `dense`, layers `dense1` and so on
 * stand in place of the convolutions.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the sizes do not divide
 * @example
 * ```ts
 * import { decoderSpecs, resolveConfig } from '@netspace/model';
 *
 * const specs = decoderSpecs(resolveConfig({ prepShape: [8, 512], preset: 'tiny' }));
 * console.log(specs.length, specs.at(-1)?.name, specs.at(-1)?.shape); // 10 scalelayer.bias [ 8, 512 ]
 * ```
 */
export function decoderSpecs(config: DecoderConfig): ParameterSpec[] {
  const { prepShape, dense } = config;
  return [
    ...(config.classes > 1 ? classHeadSpecs(config, decoderSizes(config).gridChannels) : []),
    ...(dense === undefined ? convolutionSpecs(config) : denseSpecs(dense, config)),
    { name: 'scalelayer.scale', shape: [...prepShape] },
    { name: 'scalelayer.bias', shape: [...prepShape] },
  ];
}

function convolutionSpecs(config: DecoderConfig): ParameterSpec[] {
  const { gridChannels, conv1Channels, view2Channels, conv2Channels } = decoderSizes(config);
  const { decoderChannels, decoderHidden } = config;
  return [
    ...convolution('conv1.0', [conv1Channels, gridChannels, 3, 3]),
    ...convolution('conv2.0', [conv2Channels, decoderChannels, 3, 3]),
    ...convolution('conv3.0', [decoderHidden, view2Channels, 3, 3]),
    ...convolution('conv4.0', [LAST_CHANNELS, decoderHidden, 3, 3]),
  ];
}

/** Channels of the class head's convolution. */
export const CLASS_HEAD_CHANNELS = 10;

const classHeadSpecs = ({ grid, classes }: DecoderConfig, gridChannels: number): ParameterSpec[] => [
  ...convolution('arch_conv.0', [CLASS_HEAD_CHANNELS, gridChannels, 3, 3]),
  { name: 'arch_classifier.weight', shape: [classes, CLASS_HEAD_CHANNELS * (grid / 2) ** 2], tensorAxes: [1, 0] },
  { name: 'arch_classifier.bias', shape: [classes] },
];

const convolution = (name: string, shape: readonly [number, number, number, number]): ParameterSpec[] => [
  { name: `${name}.weight`, shape, tensorAxes: [2, 3, 1, 0] }, // OIHW → HWIO
  { name: `${name}.bias`, shape: [shape[0]] },
];
