import { DepthwiseConv2dNative, FusedDepthwiseConv2D, type KernelConfig, type NamedAttrMap } from '@tensorflow/tfjs-core';

import { conv2DGeometry } from '../../conv2d-geometry.js';
import { shippedKernel } from '../shipped-kernel.js';

/**
 * Writes out the padding of a convolution with 'same'. If a stride is longer than the filter, tfjs-backend-wasm returns zeros for 'same'
 * (XNNPACK refuses that combination of flags). With the same padding given explicitly it is right.
 */
export const withExplicitPadding = (name: string, depthwise: boolean): KernelConfig => {
  const shipped = shippedKernel(name);
  return {
    ...shipped,
    kernelFunc: (params) => {
      if (params.attrs?.['pad'] !== 'same') return shipped.kernelFunc(params);
      return shipped.kernelFunc({
        ...params,
        attrs: writeOutPadding(name, params.inputs['x']!.shape, params.inputs['filter']!.shape, params.attrs, depthwise),
      });
    },
  };
};

function writeOutPadding(name: string, x: number[], filter: number[], attrs: NamedAttrMap, depthwise: boolean): NamedAttrMap {
  const { top, bottom, left, right } = conv2DGeometry(name, x, filter, attrs, depthwise).padInfo;
  const pad = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  return { ...attrs, pad };
}

export const depthwiseConv2dNativeConfig = withExplicitPadding(DepthwiseConv2dNative, true);
export const fusedDepthwiseConv2DConfig = withExplicitPadding(FusedDepthwiseConv2D, true);
