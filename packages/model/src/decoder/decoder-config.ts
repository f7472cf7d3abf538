import type { PRepShape } from '@netspace/prep';

import type { Dense } from './dense-decoder.js';

/** Sizes of the decoder. The paper's decoder has grid 64, channels 128, width 2048 and hidden 256. */
export interface DecoderConfig {
  /** Height and width of the PReps: multiples of 4 and 8. */
  readonly prepShape: PRepShape;
  /** Length E of an embedding: a multiple of grid². */
  readonly embeddingSize: number;
  /** Side g of the squares of an embedding's view `[E / g², g, g]`; even. */
  readonly grid: number;
  /** Channels a of the view `[a, H, w1]` after the first convolution. */
  readonly decoderChannels: number;
  /** Width w1 of that view; the second view then has w1 / 4 channels. */
  readonly decoderWidth: number;
  /** Channels d after the third convolution. */
  readonly decoderHidden: number;
  /** Number A of architectures; with more than one the decoder has a class head. */
  readonly classes: number;
  /** Fully connected layers in place of the convolutions; left out if it has none. */
  readonly dense?: Dense;
}
