import { backend_util, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';

/** Where the windows of a pooling lie on its input, by the attributes of the kernel of its gradient. */
export const poolGeometry = ({ shape }: TensorInfo, attrs: NamedAttrMap): backend_util.Conv2DInfo =>
  backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    attrs['filterSize'] as number | [number, number],
    attrs['strides'] as number | [number, number],
    1,
    attrs['pad'] as 'valid' | 'same' | number,
    attrs['dimRoundingMode'] as 'floor' | 'round' | 'ceil' | undefined,
  );
