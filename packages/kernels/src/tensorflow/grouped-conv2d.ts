import {
  concat,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  type KernelConfig,
  split,
  type Tensor,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';

import { shippedKernel } from '../shipped-kernel.js';
import { asTensor4D } from './as-tensor.js';

type Call = Parameters<KernelConfig['kernelFunc']>[0];
type Shape = [number, number, number, number];

const ofInput = shippedKernel('tensorflow', Conv2DBackpropInput);
const ofFilter = shippedKernel('tensorflow', Conv2DBackpropFilter);

/**
 * Grouped convolution and its gradients, for which tfjs has no kernel. TensorFlow's own operations do it if the filter has fewer inputs than
 * the image has channels. Without oneDNN they have no gradients of groups: these are then computed one group after the other. That is
 * TensorFlow's default on processors without instructions for neural networks (AVX512_VNNI, AVX_VNNI, AMX).
 *
 * @see docs/decisions/onednn.md
 */
export const groupedConv2DConfigs: readonly KernelConfig[] = [
  { ...shippedKernel('tensorflow', Conv2D), kernelName: 'GroupedConv2D' },
  {
    ...ofInput,
    kernelName: 'GroupedConv2DBackpropInput',
    kernelFunc(call) {
      if (hasGroups(call.backend)) return ofInput.kernelFunc(call);
      const [batch, height, width, channels] = call.attrs!['inputShape'] as Shape;
      return byGroup(ofInput, call, (groups) => ({ inputShape: [batch, height, width, channels / groups] }));
    },
  },
  {
    ...ofFilter,
    kernelName: 'GroupedConv2DBackpropFilter',
    kernelFunc(call) {
      if (hasGroups(call.backend)) return ofFilter.kernelFunc(call);
      const [height, width, channels, outputs] = call.attrs!['filterShape'] as Shape;
      return byGroup(ofFilter, call, (groups) => ({ filterShape: [height, width, channels, outputs / groups] }));
    },
  },
];

let groupsAreThere: boolean | undefined;

/** Whether TensorFlow has the gradients of groups. It is asked once: the operation throws where it has not. */
function hasGroups(backend: Call['backend']): boolean {
  if (groupsAreThere !== undefined) return groupsAreThere;
  const attrs = { strides: [1, 1], dilations: [1, 1], pad: 'same', dataFormat: 'NHWC', inputShape: [1, 2, 2, 2] };
  return (groupsAreThere = tidy(() => {
    try {
      asTensor4D(ofInput.kernelFunc({ inputs: { dy: zeros([1, 2, 2, 2]), filter: zeros([1, 1, 1, 2]) }, attrs, backend }));
      return true;
    } catch {
      return false;
    }
  }));
}

/**
 * @param attrsOf tells the attributes of one group that differ
 */
function byGroup({ kernelFunc }: KernelConfig, call: Call, attrsOf: (groups: number) => object): Tensor {
  return tidy(() => {
    const groups = call.attrs!['groups'] as number;
    const attrs = { ...call.attrs, ...attrsOf(groups) };
    const cut = Object.entries(call.inputs).map(([name, whole]) => [name, split(asTensor4D(whole!), groups, 3)] as const);
    const gradients = Array.from({ length: groups }, (_, group) => {
      const inputs = Object.fromEntries(cut.map(([name, parts]) => [name, parts[group]!]));
      return asTensor4D(kernelFunc({ ...call, inputs, attrs }));
    });
    return concat(gradients, 3);
  });
}
