import type { RawTensor } from '@netspace/formats';
import { NetSpaceError } from '@netspace/prep';

import { completeConfig, type NetSpaceConfig } from '../config.js';

type Tensors = ReadonlyMap<string, RawTensor>;

/**
 * All sizes of a space, from the shapes of the tensors of its encoder and its decoder.
 *
 * @throws NetSpaceError `NOT_FOUND` if a layer is missing, `SHAPE_MISMATCH` if a tensor has another number of axes or the two do not belong
 *   together, `INVALID_OPTION` if there are several layers of a name, or sizes that no decoder has
 */
export function sizesOf(caller: string, { encoder, decoder }: { readonly encoder: Tensors; readonly decoder: Tensors }): NetSpaceConfig {
  const of = (part: string, tensors: Tensors) => (name: string, kernel: string) => shapeOf(caller, `the ${part}`, tensors, name, kernel);
  const [encoded, decoded] = [of('encoder', encoder), of('decoder', decoder)];
  const [encoderWidth] = encoded('conv1.0.weight', '1,3');
  const [embeddingSize] = encoded('conv4.0.weight', '3,1');
  const [, gridChannels] = decoded('conv1.0.weight', '3,3');
  const [, decoderChannels] = decoded('conv2.0.weight', '3,3');
  const [decoderHidden, view2Channels] = decoded('conv3.0.weight', '3,3');
  const [height, width] = shapeOf(caller, 'the decoder', decoder, 'scalelayer.scale');
  const grid = Math.sqrt(embeddingSize / gridChannels);
  if (!Number.isInteger(grid)) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${caller}: expected a decoder of embeddings of ${embeddingSize} numbers, as the encoder gives them, got one that views them as squares of ${gridChannels} channels; pass the encoder and the decoder of one space`,
    );
  }
  const hasHead = [...decoder.keys()].some((name) => isNamed(name, 'arch_classifier.weight'));
  const classes = hasHead ? shapeOf(caller, 'the decoder', decoder, 'arch_classifier.weight')[0] : 1;
  return completeConfig(caller, {
    ...{ preset: 'paper', prepShape: [height, width], embeddingSize, encoderWidth, grid, classes },
    ...{ decoderChannels, decoderHidden, decoderWidth: 4 * view2Channels },
  });
}

/** What stands before the names of an encoder or decoder in a file: that of the convolution which has its name and its kernel. */
export function prefixOf(tensors: Tensors, name: string, kernel: readonly number[]): string {
  const found = [...tensors].find(([own, { shape }]) => isNamed(own, name) && shape.slice(2).join() === kernel.join());
  return found === undefined ? '' : found[0].slice(0, -name.length);
}

/** Whether a tensor has a name, in whatever modules and dicts. */
const isNamed = (name: string, wanted: string): boolean => name === wanted || name.endsWith(`.${wanted}`);

/**
 * The first two sides of a tensor: output and input channels of a convolution.
 *
 * @param kernel the other sides, by which an encoder and a decoder of one file are told apart
 */
function shapeOf(caller: string, what: string, tensors: Tensors, name: string, kernel = ''): readonly [number, number] {
  const found = [...tensors].filter(([own]) => isNamed(own, name));
  const fitting = found.filter(([, { shape }]) => shape.slice(2).join() === kernel && shape.length >= 2);
  const shapes = new Set(fitting.map(([, { shape }]) => shape.join()));
  if (shapes.size > 1) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${caller}: expected ${what}'s ${name} once, got it as ${fitting.map(([own, { shape }]) => `${own} [${shape}]`).join(', ')}; pass the state dict of one space`,
    );
  }
  const [first] = fitting;
  if (first !== undefined) return [first[1].shape[0]!, first[1].shape[1]!];
  const expected = kernel === '' ? 'two axes' : `a kernel of [${kernel}]`;
  if (found.length > 0) {
    throw new NetSpaceError('SHAPE_MISMATCH', `${caller}: expected ${what}'s ${name} with ${expected}, got ${found.map(([own, { shape }]) => `${own} [${shape}]`).join(', ')}; pass the files in the order encoder, decoder`); // prettier-ignore
  }
  const names = [...tensors.keys()].slice(0, 5).join(', ');
  throw new NetSpaceError(
    'NOT_FOUND',
    `${caller}: expected a tensor ${name} in the state dict of ${what}, got ${names === '' ? 'no tensors' : `${names}, …`}; pass the state dict of the authors' ${what.slice(4)}`,
  );
}
