import type { KernelConfig, KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';

import { conv2DGeometry } from '../../conv2d-geometry.js';
import { gemmEngine } from '../gemm/engine.js';
import type { WasmBackend } from '../heap.js';
import { convolve, filterGradient, inputGradient } from './conv2d-product.js';

type Shape4D = readonly [number, number, number, number];

/** The geometry of one group. */
function geometryOf(name: string, inputShape: readonly number[], filterShape: readonly number[], attrs: NamedAttrMap) {
  const groups = attrs['groups'] as number;
  const [batch, height, width, channels] = inputShape as Shape4D;
  const [rows, columns, inputs, outputs] = filterShape as Shape4D;
  if (channels !== groups * inputs || outputs % groups !== 0) {
    throw new Error(`${name}: expected ${groups} groups in [${inputShape}] and [${filterShape}]; channels must be groups of the filter's`);
  }
  const one = [rows, columns, inputs, outputs / groups];
  return { groups, geometry: conv2DGeometry(name, [batch, height, width, inputs], one, attrs) };
}

const config = (kernelName: string, kernelFunc: KernelFunc): KernelConfig => ({ kernelName, backendName: 'wasm', kernelFunc });

const input = (params: Parameters<KernelFunc>[0], name: string): TensorInfo => params.inputs[name]!;

/** Grouped convolution and its gradients, which tfjs does not have: a product for each group, in place. */
export const groupedConv2DConfigs: readonly KernelConfig[] = [
  config('GroupedConv2D', (params) => {
    const backend = params.backend as WasmBackend;
    const [x, filter] = [input(params, 'x'), input(params, 'filter')];
    const { geometry, groups } = geometryOf('GroupedConv2D', x.shape, filter.shape, params.attrs!);
    return convolve(gemmEngine(backend), backend, x, filter, geometry, groups);
  }),
  config('GroupedConv2DBackpropInput', (params) => {
    const backend = params.backend as WasmBackend;
    const [dy, filter] = [input(params, 'dy'), input(params, 'filter')];
    const inputShape = params.attrs!['inputShape'] as number[];
    const { geometry, groups } = geometryOf('GroupedConv2DBackpropInput', inputShape, filter.shape, params.attrs!);
    return inputGradient(gemmEngine(backend), backend, dy, filter, geometry, groups);
  }),
  config('GroupedConv2DBackpropFilter', (params) => {
    const backend = params.backend as WasmBackend;
    const [x, dy] = [input(params, 'x'), input(params, 'dy')];
    const filterShape = params.attrs!['filterShape'] as number[];
    const { geometry, groups } = geometryOf('GroupedConv2DBackpropFilter', x.shape, filterShape, params.attrs!);
    return filterGradient(gemmEngine(backend), backend, x, dy, geometry, groups);
  }),
];
