import { backend_util, type NamedAttrMap } from '@tensorflow/tfjs-core';

/** The geometry of a convolution that its two gradients need; NHWC and HWIO throughout. */
export type Conv2DGeometry = backend_util.Conv2DInfo;

type Shape4D = [number, number, number, number];

/**
 * Reads the attributes that tfjs gives to the kernels of conv2d's gradients.
 *
 * @throws Error if the tensors are not NHWC
 */
export function conv2DGeometry(
  name: string,
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: NamedAttrMap,
  depthwise = false,
): Conv2DGeometry {
  const dataFormat = (attrs['dataFormat'] ?? 'NHWC') as 'NHWC' | 'NCHW';
  if (dataFormat !== 'NHWC') throw new Error(`${name}: expected dataFormat NHWC, got ${dataFormat}; transpose the input`);
  return backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    attrs['strides'] as number | [number, number],
    (attrs['dilations'] ?? 1) as number | [number, number],
    attrs['pad'] as 'valid' | 'same' | number | backend_util.ExplicitPadding,
    attrs['dimRoundingMode'] as 'floor' | 'round' | 'ceil' | undefined,
    depthwise,
    'channelsLast',
  );
}
