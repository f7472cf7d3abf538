import { NetSpaceError } from '@netspace/prep';
import { count, type GivenBy, objectOf, oneOf, optional, parseOptions, prepShape, type UsedBy, withDefault } from '@netspace/prep/internal';

import type { DecoderConfig } from './decoder/decoder-config.js';
import { checkDecoderSizes } from './decoder/decoder-sizes.js';
import { denseOptions } from './decoder/dense-decoder.js';
import { type Directions, directionsOptions } from './decoder/directions.js';

/** Sizes of the encoder. */
export interface EncoderConfig {
  /** Length E of an embedding. */
  readonly embeddingSize: number;
  /** Channels h of the encoder's first convolution; the paper's is E / 32. */
  readonly encoderWidth: number;
}

/** All sizes of a NetSpace. The sizes and the weights together are the model. */
export interface NetSpaceConfig extends EncoderConfig, DecoderConfig {
  /** Fixed random directions beside the decoder; left out if the space has none. */
  readonly directions?: Directions;
}

/** Names of the sets of sizes that {@link resolveConfig} starts from. */
export type Preset = 'paper' | 'small' | 'tiny';

type Sizes = Pick<NetSpaceConfig, 'embeddingSize' | 'grid' | 'decoderChannels' | 'decoderWidth' | 'decoderHidden'>;

/** `paper`: the paper's sizes. `small`: for networks of MNIST and CIFAR-10 on two CPU cores. `tiny`: for tests. */
const PRESETS: Readonly<Record<Preset, Sizes & Partial<EncoderConfig>>> = {
  paper: { embeddingSize: 4096, grid: 64, decoderChannels: 128, decoderWidth: 2048, decoderHidden: 256 },
  small: { embeddingSize: 256, grid: 16, encoderWidth: 16, decoderChannels: 64, decoderWidth: 128, decoderHidden: 64 },
  tiny: { embeddingSize: 64, grid: 8, encoderWidth: 4, decoderChannels: 16, decoderWidth: 32, decoderHidden: 16 },
};

/** See {@link ConfigOptions}. */
export const configOptions = objectOf({
  /** Height and width of the PReps, `[H, W]`: multiples of 4 and 8. */
  prepShape,
  /**
   * A set of sizes. Each size that is not given is that of the preset.
   * @default 'paper'
   */
  preset: withDefault(oneOf(['paper', 'small', 'tiny']), 'paper'),
  /**
   * Length E of an embedding: a multiple of grid².
   * @default that of the preset
   */
  embeddingSize: optional(count),
  /**
   * Channels h of the encoder's first convolution.
   * @default that of the preset, or embeddingSize / 32 as in the paper
   */
  encoderWidth: optional(count),
  /**
   * Side g of the squares into which the decoder arranges an embedding, `[E / g², g, g]`.
   * @default that of the preset
   */
  grid: optional(count),
  /**
   * Channels a of the decoder's view `[a, H, w1]` after the first convolution.
   * @default that of the preset
   */
  decoderChannels: optional(count),
  /**
   * Width w1 of that view; the second view then has w1 / 4 channels.
   * @default that of the preset
   */
  decoderWidth: optional(count),
  /**
   * Channels d after the decoder's third convolution.
   * @default that of the preset
   */
  decoderHidden: optional(count),
  /**
   * Number A of architectures; with more than one the decoder has a class head.
   * @default 1, for a NetSpace as many as it has architectures
   */
  classes: optional(count),
  /**
   * Adds fixed random directions of the embedding to what the decoder gives: `decode(z) + scale · z R / √E`, in the space's `units`, which it
   * needs. R is drawn from the seed and not trained. Classifiers can then be imitated more closely from the same embedding; train them with
   * `embeddings: 'free'` and refine new ones (`refineEmbedding`), because the encoder finds less of such embeddings.
   * @default none, as in the paper
   */
  directions: optional(directionsOptions),
  /**
   * Fully connected layers in place of the decoder's convolutions: each number of the PRep gets weights of its own. For networks of up to some
   * 10,000 parameters: it has units × H × W weights and more. Of 512 shapes it learned as much in a third of the time.
   * @default none, as in the paper
   */
  dense: optional(denseOptions),
});

/** Options of {@link resolveConfig}. */
export interface ConfigOptions extends GivenBy<typeof configOptions> {}

/**
 * Completes a config from a preset and checks that the decoder's views divide.
 *
 * @param options `prepShape` `[H, W]`: H a multiple of 4 and W of 8; `embeddingSize` E: a multiple of grid², the preset's if left out;
 * `classes`: number of architectures, 1 means no class head
 * @throws NetSpaceError `INVALID_OPTION` if an option is unknown, missing or no positive integer, or does not divide, naming the nearest
 *   that do
 * @example
 * ```ts
 * import { resolveConfig } from '@netspace/model';
 *
 * const { embeddingSize, grid, classes } = resolveConfig({ prepShape: [8, 512], preset: 'tiny', grid: 4 });
 * console.log(embeddingSize, grid, classes); // 64 4 1
 * ```
 * @see Berardi et al., "Learning the Space of Deep Models", section III-B
 */
export const resolveConfig = (options: ConfigOptions): NetSpaceConfig =>
  completeConfig('resolveConfig', parseOptions('resolveConfig', configOptions, options));

/** As {@link resolveConfig}, for options that were already checked one by one. */
export function completeConfig(
  caller: string,
  { prepShape: [height, width], preset, ...overrides }: UsedBy<typeof configOptions>,
): NetSpaceConfig {
  const sizes = PRESETS[preset];
  const embeddingSize = overrides.embeddingSize ?? sizes.embeddingSize;
  const config: NetSpaceConfig = {
    prepShape: [height, width],
    embeddingSize,
    grid: overrides.grid ?? sizes.grid,
    encoderWidth: overrides.encoderWidth ?? sizes.encoderWidth ?? embeddingSize / 32,
    decoderChannels: overrides.decoderChannels ?? sizes.decoderChannels,
    decoderWidth: overrides.decoderWidth ?? sizes.decoderWidth,
    decoderHidden: overrides.decoderHidden ?? sizes.decoderHidden,
    classes: overrides.classes ?? 1,
    ...(overrides.directions && { directions: overrides.directions }), // no key in the files of spaces without
    ...(overrides.dense && { dense: overrides.dense }),
  };
  checkDecoderSizes(caller, config);
  if (!(Number.isInteger(config.encoderWidth) && config.encoderWidth > 0)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${caller}: expected encoderWidth to be a positive integer, got ${config.encoderWidth}; pass it if the embedding size is no multiple of 32`,
    );
  }
  return config;
}
