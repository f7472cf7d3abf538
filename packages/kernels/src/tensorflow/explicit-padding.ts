import type { NamedAttrMap } from '@tensorflow/tfjs-core';

import type { Conv2DGeometry } from '../conv2d-geometry.js';

/** Whether a convolution's padding is given in numbers, and there is some: TensorFlow's gradients as shipped refuse it. */
export const isExplicit = ({ padInfo }: Conv2DGeometry): boolean => padInfo.type === 'EXPLICIT' || padInfo.type === 'NUMBER';

/** The same convolution of an input that has its padding already. */
export const withoutPadding = (attrs: NamedAttrMap): NamedAttrMap => ({ ...attrs, pad: 'valid' });
