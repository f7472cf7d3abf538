import { NetSpaceError } from '@netspace/prep';

import type { DecoderConfig } from './decoder-config.js';

/** Channels and views that follow from a decoder's config; see `decode` for where each stands. */
export interface DecoderSizes {
  /** c: channels of the embedding viewed as `[c, g, g]`. */
  readonly gridChannels: number;
  /** Channels of the first convolution's output, a · H · w1 / (g/2)². */
  readonly conv1Channels: number;
  /** b: channels of the second view, w1 / 4. */
  readonly view2Channels: number;
  /** Channels of the second convolution's output, W / 8. */
  readonly conv2Channels: number;
}

export function decoderSizes({ prepShape: [height, width], ...config }: DecoderConfig): DecoderSizes {
  return {
    gridChannels: config.embeddingSize / config.grid ** 2,
    conv1Channels: (config.decoderChannels * height * config.decoderWidth) / (config.grid / 2) ** 2,
    view2Channels: config.decoderWidth / 4,
    conv2Channels: width / 8,
  };
}

/** Channels of the last convolution: `[32, H/4, W/8]` views as `[H, W]`. */
export const LAST_CHANNELS = 32;

/** Refuses positive integer sizes whose views do not divide, and names the nearest sizes that do. */
export function checkDecoderSizes(caller: string, config: DecoderConfig): void {
  const [height, width] = config.prepShape;
  const multiple = (name: string, value: number, of: number, why = '') => {
    if (Number.isInteger(value) && value > 0 && value % of === 0) return;
    const nearest = nearestMultiples(value, of).join(' or ');
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${caller}: expected ${name} to be a positive multiple of ${of}${why}, got ${value}; the nearest possible: ${nearest}`,
    );
  };
  multiple('the PRep height', height, 4);
  multiple('the PRep width', width, 8);
  multiple('grid', config.grid, 2);
  multiple('embeddingSize', config.embeddingSize, config.grid ** 2, ` (grid ${config.grid} squared)`);
  multiple('decoderWidth', config.decoderWidth, 4);
  // conv1's output has (g/2)² places per channel, and whole channels have to fill the H · w1 places of the view.
  const places = (config.grid / 2) ** 2;
  multiple('decoderWidth', config.decoderWidth, lowestCommonMultiple(4, places / greatestCommonDivisor(places, height)), ' for this grid');
}

/** The multiples just below and above, positive ones only. */
function nearestMultiples(value: number, of: number): number[] {
  if (!Number.isFinite(value) || value < of) return [of];
  const below = Math.floor(value / of) * of;
  return [below, below + of];
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
const lowestCommonMultiple = (a: number, b: number): number => (a / greatestCommonDivisor(a, b)) * b;
