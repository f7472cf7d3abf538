import { instanceToRawTensors, rawToFloat32 } from '@netspace/formats';
import { type NewNode, onnxModel } from '@netspace/onnx/internal';
import type { Architecture, Instance } from '@netspace/prep';
import { classifierLayers, LEAKY_SLOPE, type LayerGraph } from '@netspace/zoo/internal';

import { omegaOf } from '../../zoos/siren-of.js';

/** A network of the zoo's own architectures as an ONNX file: channels first, as PyTorch has images; parameters by their names. */
export async function zooOnnx(instance: Instance): Promise<Uint8Array> {
  const { architecture } = instance;
  const { nodes, input, output, outputs } = graphOf(architecture);
  const tensors = await instanceToRawTensors(instance);
  const parameters = [...tensors].map(([name, raw]) => ({ name, shape: raw.shape, values: rawToFloat32(raw) }));
  return onnxModel({ name: architecture.name, nodes, parameters, input, output: { name: output, shape: [outputs] } });
}

interface Graph {
  readonly nodes: readonly NewNode[];
  readonly input: { readonly name: string; readonly shape: readonly number[] };
  readonly output: string;
  readonly outputs: number;
}

/**
 * The nodes of an architecture.
 *
 * @throws NetSpaceError `UNSUPPORTED` for what is none of the zoo's
 */
export function graphOf(architecture: Architecture): Graph {
  const outputs = architecture.parameters.at(-1)!.shape[0]!;
  const omega = omegaOf(architecture);
  if (omega !== undefined) return { ...sirenGraph(architecture, omega), outputs };
  const nodes: NewNode[] = [];
  let shape: readonly number[] = [];
  const put = (node: NewNode): string => (nodes.push(node), node.name);
  const both = (name: string): readonly string[] => [`${name}.weight`, `${name}.bias`];
  const graph: LayerGraph = {
    input([height, width, channels]) {
      shape = [channels!, height!, width!];
      return 'input';
    },
    conv: (name, from, { kernel, stride, padding }) =>
      put({
        ...{ name, operator: 'Conv', inputs: [from, ...both(name)] },
        attributes: {
          ...{ kernel_shape: { ints: [kernel, kernel] }, strides: { ints: [stride, stride] } },
          pads: { ints: [padding, padding, padding, padding] },
        },
      }),
    leaky: (name, from) => put({ name, operator: 'LeakyRelu', inputs: [from], attributes: { alpha: { float: LEAKY_SLOPE } } }),
    add: (name, from) => put({ name, operator: 'Add', inputs: from }),
    averagePool: (name, from, size) =>
      put({ name, operator: 'AveragePool', inputs: [from], attributes: { kernel_shape: { ints: [size, size] }, strides: { ints: [size, size] } } }), // prettier-ignore
    flatten: (from) => put({ name: 'flatten', operator: 'Flatten', inputs: [from] }),
    dense: (name, from) => put(linear(name, from)),
  };
  const { start, end } = classifierLayers('an ONNX file', architecture, graph);
  return { nodes, input: { name: start, shape }, output: end, outputs };
}

function sirenGraph({ parameters }: Architecture, omega: number): Omit<Graph, 'outputs'> {
  const nodes: NewNode[] = [{ name: 'omega', operator: 'Constant', inputs: [], attributes: { value_float: { float: omega } } }];
  const layers = parameters.filter(({ name }) => name.endsWith('.weight')).map(({ name }) => name.slice(0, -'.weight'.length));
  let from = 'input';
  for (const [i, layer] of layers.entries()) {
    nodes.push(linear(layer, from));
    from = layer;
    if (i === layers.length - 1) break;
    nodes.push({ name: `${layer}.scaled`, operator: 'Mul', inputs: [layer, 'omega'] });
    nodes.push({ name: `${layer}.sine`, operator: 'Sin', inputs: [`${layer}.scaled`] });
    from = `${layer}.sine`;
  }
  return { nodes, input: { name: 'input', shape: [parameters[0]!.shape[1]!] }, output: from };
}

/** `y = x Wᵀ + b`, W as PyTorch has it. */
const linear = (name: string, from: string): NewNode => ({
  ...{ name, operator: 'Gemm', inputs: [from, `${name}.weight`, `${name}.bias`] },
  attributes: { transB: { int: 1 } },
});
