import fc from 'fast-check';

/** A random small convolution that `tf.conv2d` accepts: kernel 1..5 on each axis, stride 1..3, any kind of padding. */
export interface ConvolutionCase {
  readonly input: readonly [batch: number, height: number, width: number, channels: number];
  readonly filter: readonly [height: number, width: number, inChannels: number, outChannels: number];
  readonly strides: [number, number];
  readonly pad: 'valid' | 'same' | [[0, 0], [number, number], [number, number], [0, 0]];
}

const pads = (kernelHeight: number, kernelWidth: number): fc.Arbitrary<ConvolutionCase['pad']> => {
  const side = (kernel: number) => fc.tuple(fc.integer({ min: 0, max: kernel }), fc.integer({ min: 0, max: kernel }));
  return fc.oneof(
    fc.constant('valid' as const),
    fc.constant('same' as const),
    fc.tuple(side(kernelHeight), side(kernelWidth)).map(([rows, columns]) => [[0, 0], rows, columns, [0, 0]] as ConvolutionCase['pad']),
  );
};

const size = (min: number, max: number) => fc.integer({ min, max });

export const convolutionCases: fc.Arbitrary<ConvolutionCase> = fc
  .record({ kernelHeight: size(1, 5), kernelWidth: size(1, 5) })
  .chain(({ kernelHeight, kernelWidth }) =>
    fc.record({
      input: fc.tuple(size(1, 3), size(kernelHeight, kernelHeight + 6), size(kernelWidth, kernelWidth + 6), size(1, 5)),
      outChannels: size(1, 9),
      kernel: fc.constant([kernelHeight, kernelWidth] as const),
      strides: fc.tuple(size(1, 3), size(1, 3)),
      pad: pads(kernelHeight, kernelWidth),
    }),
  )
  .map(({ input, outChannels, kernel, strides, pad }) => ({ input, filter: [...kernel, input[3], outChannels], strides, pad }));
