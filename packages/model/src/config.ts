import { NetSpaceError, type PRepShape } from '@netspace/prep';

import type { DecoderConfig } from './decoder/decoder-config.js';
import { checkDecoderSizes } from './decoder/decoder-sizes.js';

/** Sizes of the encoder. */
export interface EncoderConfig {
  /** Length E of an embedding. */
  readonly embeddingSize: number;
  /** Channels h of the encoder's first convolution; the paper's is E / 32. */
  readonly encoderWidth: number;
}

/** All sizes of a NetSpace: with the weights, this is the model. */
export interface NetSpaceConfig extends EncoderConfig, DecoderConfig {}

/** Names of the sets of sizes that {@link resolveConfig} starts from. */
export type Preset = 'paper' | 'small' | 'tiny';

type Sizes = Pick<NetSpaceConfig, 'embeddingSize' | 'grid' | 'decoderChannels' | 'decoderWidth' | 'decoderHidden'>;

/** `paper`: the paper's sizes. `small`: for networks of MNIST and CIFAR-10 on two CPU cores. `tiny`: for tests. */
const PRESETS: Readonly<Record<Preset, Sizes & Partial<EncoderConfig>>> = {
  paper: { embeddingSize: 4096, grid: 64, decoderChannels: 128, decoderWidth: 2048, decoderHidden: 256 },
  small: { embeddingSize: 256, grid: 16, encoderWidth: 16, decoderChannels: 64, decoderWidth: 128, decoderHidden: 64 },
  tiny: { embeddingSize: 64, grid: 8, encoderWidth: 4, decoderChannels: 16, decoderWidth: 32, decoderHidden: 16 },
};

export interface ConfigOptions extends Partial<Omit<NetSpaceConfig, 'prepShape'>> {
  readonly prepShape: PRepShape;
  /** Where the sizes that are not given come from. */
  readonly preset?: Preset;
}

/**
 * Completes a config from a preset and checks that the decoder's views divide.
 *
 * @param options `prepShape` `[H, W]`: H a multiple of 4 and W of 8; `embeddingSize` E: a multiple of grid², the preset's if left out;
 * `classes`: number of architectures, 1 means no class head
 * @throws NetSpaceError `INVALID_OPTION` if a size is not a positive integer or does not divide, naming the nearest that do
 * @example
 * ```ts
 * import { resolveConfig } from '@netspace/model';
 *
 * const { embeddingSize, grid, classes } = resolveConfig({ prepShape: [8, 512], preset: 'tiny', grid: 4 });
 * console.log(embeddingSize, grid, classes); // 64 4 1
 * ```
 * @see Berardi et al., "Learning the Space of Deep Models", section III-B
 */
export function resolveConfig({ prepShape, preset = 'paper', ...overrides }: ConfigOptions): NetSpaceConfig {
  if (!Object.hasOwn(PRESETS, preset)) {
    throw new NetSpaceError('INVALID_OPTION', `resolveConfig: expected preset ${Object.keys(PRESETS).join(', ')}, got ${preset}`);
  }
  const sizes = PRESETS[preset];
  const embeddingSize = overrides.embeddingSize ?? sizes.embeddingSize;
  const config: NetSpaceConfig = {
    prepShape: [prepShape[0], prepShape[1]],
    embeddingSize,
    grid: overrides.grid ?? sizes.grid,
    encoderWidth: overrides.encoderWidth ?? sizes.encoderWidth ?? embeddingSize / 32,
    decoderChannels: overrides.decoderChannels ?? sizes.decoderChannels,
    decoderWidth: overrides.decoderWidth ?? sizes.decoderWidth,
    decoderHidden: overrides.decoderHidden ?? sizes.decoderHidden,
    classes: overrides.classes ?? 1,
  };
  checkDecoderSizes('resolveConfig', config);
  if (!(Number.isInteger(config.encoderWidth) && config.encoderWidth > 0)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `resolveConfig: expected encoderWidth to be a positive integer, got ${config.encoderWidth}; pass it where the embedding size is no multiple of 32`,
    );
  }
  return config;
}
