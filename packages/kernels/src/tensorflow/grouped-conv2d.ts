import { Conv2D, Conv2DBackpropFilter, Conv2DBackpropInput, type KernelConfig } from '@tensorflow/tfjs-core';

import { shippedKernel } from '../shipped-kernel.js';

/**
 * Grouped convolution and its gradients, for which tfjs has no kernel. TensorFlow's own operations do it if the filter has fewer inputs than
 * the image has channels.
 */
export const groupedConv2DConfigs: readonly KernelConfig[] = [
  { kernelName: 'GroupedConv2D', of: Conv2D },
  { kernelName: 'GroupedConv2DBackpropInput', of: Conv2DBackpropInput },
  { kernelName: 'GroupedConv2DBackpropFilter', of: Conv2DBackpropFilter },
].map(({ kernelName, of }) => ({ ...shippedKernel('tensorflow', of), kernelName }));
