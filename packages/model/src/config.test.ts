import { parameterCount } from '@netspace/prep';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { resolveConfig, type Preset } from './config.js';
import { decoderSizes } from './decoder/decoder-sizes.js';
import { decoderSpecs, encoderSpecs } from './weights/specs.js';

describe('resolveConfig', () => {
  it('gives the sizes of the paper', () => {
    const config = resolveConfig({ prepShape: [16, 10_000] });
    expect(config).toMatchObject({ embeddingSize: 4096, grid: 64, encoderWidth: 128, classes: 1 });
    expect(decoderSizes(config)).toEqual({ gridChannels: 1, conv1Channels: 256 * 16, view2Channels: 512, conv2Channels: 1250 });
    expect(resolveConfig({ prepShape: [8, 8], embeddingSize: 8192 }).encoderWidth).toBe(256);
  });

  it('names the parameters as the authors, with their shapes', () => {
    const config = resolveConfig({ prepShape: [88, 10_000], classes: 4 });
    const shapes = (specs: readonly { name: string; shape: readonly number[] }[]) =>
      Object.fromEntries(specs.map(({ name, shape }) => [name, shape]));
    expect(shapes(encoderSpecs(config))).toMatchObject({ 'conv1.0.weight': [128, 1, 1, 3], 'conv4.0.weight': [4096, 512, 3, 1] });
    expect(shapes(decoderSpecs(config))).toMatchObject({
      'arch_classifier.weight': [4, 10_240],
      'conv1.0.weight': [22_528, 1, 3, 3],
      'conv2.0.weight': [1250, 128, 3, 3],
      'conv3.0.weight': [256, 512, 3, 3],
      'conv4.0.weight': [32, 256, 3, 3],
      'scalelayer.bias': [88, 10_000],
    });
    expect(decoderSpecs({ ...config, classes: 1 })[0]!.name).toBe('conv1.0.weight');
  });

  it('makes views that hold what they view, for any size it accepts', () => {
    const presets: Preset[] = ['paper', 'small', 'tiny'];
    fc.assert(
      fc.property(fc.constantFrom(...presets), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 2000 }), (preset, h, w) => {
        const config = resolveConfig({ preset, prepShape: [4 * h, 8 * w] });
        const { grid, decoderChannels, decoderWidth, embeddingSize, prepShape } = config;
        const [height, width] = prepShape;
        const { gridChannels, conv1Channels, conv2Channels, view2Channels } = decoderSizes(config);
        expect(gridChannels * grid ** 2).toBe(embeddingSize);
        expect(conv1Channels * (grid / 2) ** 2).toBe(decoderChannels * height * decoderWidth);
        expect(conv2Channels * (height / 2) * (decoderWidth / 2)).toBe(view2Channels * (height / 2) * (width / 4));
        expect(Number.isInteger(parameterCount([...encoderSpecs(config), ...decoderSpecs(config)]))).toBe(true);
      }),
    );
  });

  it('refuses sizes that do not divide, naming the nearest that do', () => {
    const message = (options: object) => {
      try {
        resolveConfig({ prepShape: [8, 512], ...options });
      } catch (error) {
        return String(error);
      }
      return 'accepted';
    };
    expect(message({ prepShape: [10, 512] })).toMatch(/PRep height.*multiple of 4, got 10; the nearest possible: 8 or 12$/);
    expect(message({ prepShape: [2, 512] })).toMatch(/got 2; the nearest possible: 4$/);
    expect(message({ prepShape: [8, 10_001] })).toMatch(/PRep width.*multiple of 8, got 10001; the nearest possible: 10000 or 10008$/);
    expect(message({ prepShape: [8, NaN] })).toMatch(/got \[8, NaN\]/);
    expect(message({ embeddingSize: 5000 })).toMatch(/multiple of 4096 \(grid 64 squared\), got 5000; the nearest possible: 4096 or 8192$/);
    expect(message({ preset: 'small', grid: 15 })).toMatch(/grid.*nearest possible: 14 or 16/);
    expect(message({ decoderWidth: 2050 })).toMatch(/decoderWidth.*nearest possible: 2048 or 2052/);
    expect(message({ decoderWidth: 2052 })).toMatch(/multiple of 128 for this grid, got 2052; the nearest possible: 2048 or 2176$/);
    expect(message({ decoderChannels: 0 })).toMatch(/decoderChannels to be a positive integer, got 0$/);
    expect(message({ decoderHidden: 1.5 })).toMatch(/decoderHidden/);
    expect(message({ classes: 0 })).toMatch(/classes/);
    expect(message({ preset: 'small', encoderWidth: -1 })).toMatch(/encoderWidth/);
    expect(message({ grid: 4, embeddingSize: 16 })).toMatch(/encoderWidth to be a positive integer, got 0.5/);
    expect(message({ preset: 'huge' })).toMatch(/'paper', 'small', 'tiny', got 'huge'/);
  });
});
