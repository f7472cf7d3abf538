import type { NamedAttrMap } from '@tensorflow/tfjs-core';

import type { Conv2DGeometry } from '../conv2d-geometry.js';

/** Whether a convolution has explicit padding above zero. TensorFlow's gradients as shipped refuse it. */
export const isExplicit = ({ padInfo }: Conv2DGeometry): boolean => padInfo.type === 'EXPLICIT' || padInfo.type === 'NUMBER';

/** The same convolution for an input that is already padded. */
export const withoutPadding = (attrs: NamedAttrMap): NamedAttrMap => ({ ...attrs, pad: 'valid' });
