import { NetSpaceError } from '@netspace/prep';

import { brief, type Budget, corruptFile } from '../limits.js';
import { readFields } from './fields.js';
import type { AttributeProto, Dimension, FunctionProto, GraphProto, ModelProto, NodeProto, TensorProto, ValueInfo } from './messages.js';
import { type ExternalData, readTensor, TENSOR_TYPES } from './read-tensor.js';

interface Context {
  readonly budget: Budget;
  readonly external: ExternalData | undefined;
  readonly depth: number;
}

/**
 * Reads a `ModelProto`: what computes, no documentation, no training information.
 *
 * @throws NetSpaceError `CORRUPT_FILE`, `LIMIT_EXCEEDED`, `UNSUPPORTED`
 */
export function readModel(bytes: Uint8Array, budget: Budget, external?: ExternalData): ModelProto {
  const context: Context = { budget, external, depth: 1 };
  const opsets = new Map<string, number>();
  const functions: FunctionProto[] = [];
  let producer = '';
  let graph: GraphProto | undefined;
  readFields(bytes, 'a model', {
    2: (field) => (producer = field.text()),
    7: (field) => (graph = readGraph(field.bytes(), context)),
    8: (field) => {
      let [domain, version] = ['', 0];
      readFields(field.bytes(), 'an operator set', { 1: (f) => (domain = f.text()), 2: (f) => (version = f.number()) });
      opsets.set(domain === 'ai.onnx' ? '' : domain, version);
    },
    25: (field) => functions.push(readFunction(field.bytes(), context)),
  });
  if (graph === undefined) throw corruptFile('expected a graph, got none');
  if (!opsets.has('')) throw corruptFile("expected a version of ONNX's operators, got none");
  return { producer, graph, functions, opsets };
}

function readGraph(bytes: Uint8Array, context: Context): GraphProto {
  const { budget, external, depth } = context;
  budget('depth', depth);
  let signature: string | undefined;
  const graph = { name: '', nodes: [] as NodeProto[], initializers: [] as TensorProto[], inputs: [] as ValueInfo[], outputs: [] as ValueInfo[] }; // prettier-ignore
  readFields(bytes, 'a graph', {
    1: (field) => graph.nodes.push(readNode(field.bytes(), context)),
    2: (field) => (graph.name = field.text()),
    5: (field) => graph.initializers.push(readTensor(field.bytes(), budget, external)),
    11: (field) => graph.inputs.push(readValueInfo(field.bytes(), budget)),
    12: (field) => graph.outputs.push(readValueInfo(field.bytes(), budget)),
    16: (field) => {
      const { key, value } = readEntry(field.bytes());
      if (!key.endsWith('graph_signature')) return;
      budget('nameCharacters', value.length);
      signature = value;
    },
    15: () => {
      throw new NetSpaceError(
        'UNSUPPORTED',
        'architectureFromOnnx: expected dense initializers, got a sparse one; make it dense in Python',
      );
    },
  });
  return { ...graph, ...(signature !== undefined && { signature }) };
}

function readEntry(bytes: Uint8Array): { readonly key: string; readonly value: string } {
  let [key, value] = ['', ''];
  readFields(bytes, 'metadata', { 1: (field) => (key = field.text()), 2: (field) => (value = field.text()) });
  return { key, value };
}

function readNode(bytes: Uint8Array, context: Context): NodeProto {
  const { budget } = context;
  budget('nodes', 1);
  const node = { name: '', operator: '', domain: '', inputs: [] as string[], outputs: [] as string[], attributes: [] as AttributeProto[] };
  let namespace: string | undefined;
  const named = (text: string): string => (budget('nameCharacters', text.length + 1), text);
  readFields(bytes, 'a node', {
    1: (field) => node.inputs.push(named(field.text())),
    2: (field) => node.outputs.push(named(field.text())),
    3: (field) => (node.name = named(field.text())),
    4: (field) => (node.operator = named(field.text())),
    5: (field) => node.attributes.push(readAttribute(field.bytes(), context)),
    7: (field) => (node.domain = named(field.text())),
    9: (field) => {
      const { key, value } = readEntry(field.bytes());
      if (key === 'namespace') namespace = named(value);
    },
  });
  return { ...node, domain: node.domain === 'ai.onnx' ? '' : node.domain, ...(namespace !== undefined && { namespace }) };
}

/** `AttributeProto` fields that hold what no operator here takes. */
const OTHER_FIELDS: Readonly<Record<number, string>> = { 10: 'tensors', 11: 'graphs', 14: 'a type', 22: 'a sparse tensor' };

function readAttribute(bytes: Uint8Array, context: Context): AttributeProto {
  const { budget, external, depth } = context;
  budget('attributeValues', 1);
  const attribute: { -readonly [K in keyof AttributeProto]: AttributeProto[K] } & { floats: number[]; ints: number[]; strings: string[] } =
    {
      ...{ name: '', floats: [], ints: [], strings: [] },
    };
  const counted =
    (list: number[]) =>
    (value: number): void => {
      budget('attributeValues', 1);
      list.push(value);
    };
  readFields(bytes, 'an attribute', {
    1: (field) => (attribute.name = field.text()),
    2: (field) => (attribute.f = field.float()),
    3: (field) => (attribute.i = field.number()),
    4: (field) => (attribute.s = new TextDecoder().decode(field.bytes())),
    5: (field) => (attribute.t = readTensor(field.bytes(), budget, external)),
    6: (field) => (attribute.g = readGraph(field.bytes(), { ...context, depth: depth + 1 })),
    7: (field) => field.floats(counted(attribute.floats)),
    8: (field) => field.numbers(counted(attribute.ints)),
    9: (field) => {
      budget('attributeValues', 1);
      attribute.strings.push(new TextDecoder().decode(field.bytes()));
    },
    21: (field) => (attribute.refersTo = field.text()),
    ...Object.fromEntries(
      Object.entries(OTHER_FIELDS).map(([number, what]) => [number, (field: { bytes(): unknown }) => (field.bytes(), (attribute.other = what))]), // prettier-ignore
    ),
  });
  budget('nameCharacters', attribute.name.length + (attribute.s?.length ?? 0) + attribute.strings.join('').length);
  return attribute;
}

function readFunction(bytes: Uint8Array, context: Context): FunctionProto {
  const made = {
    ...{ name: '', domain: '', inputs: [] as string[], outputs: [] as string[] },
    ...{ nodes: [] as NodeProto[], attributes: [] as AttributeProto[] },
  };
  const named = (text: string): string => (context.budget('nameCharacters', text.length + 1), text);
  readFields(bytes, 'a function', {
    1: (field) => (made.name = named(field.text())),
    4: (field) => made.inputs.push(named(field.text())),
    5: (field) => made.outputs.push(named(field.text())),
    7: (field) => made.nodes.push(readNode(field.bytes(), { ...context, depth: context.depth + 1 })),
    10: (field) => (made.domain = named(field.text())),
    11: (field) => made.attributes.push(readAttribute(field.bytes(), context)),
  });
  return made;
}

function readValueInfo(bytes: Uint8Array, budget: Budget): ValueInfo {
  let [name, type] = ['', 'no tensor'];
  let shape: Dimension[] | undefined;
  readFields(bytes, 'a value', {
    1: (field) => (name = field.text()),
    2: (field) =>
      readFields(field.bytes(), 'a type', {
        1: (ofTensor) =>
          readFields(ofTensor.bytes(), 'a tensor type', {
            1: (f) => {
              const code = f.number();
              type = TENSOR_TYPES[code] ?? `type ${code}`;
            },
            2: (f) => {
              shape = [];
              const sizes = shape;
              readFields(f.bytes(), 'a shape', {
                1: (dimension) => {
                  budget('rank', sizes.length + 1);
                  sizes.push(readDimension(dimension.bytes()));
                },
              });
            },
          }),
      }),
  });
  budget('nameCharacters', name.length);
  const wrong = shape?.find((size) => typeof size === 'number' && !(Number.isSafeInteger(size) && size >= 0));
  if (wrong !== undefined) throw corruptFile(`expected sizes in the shape of ${brief(name)}, got ${wrong}`);
  return { name, type, shape };
}

function readDimension(bytes: Uint8Array): Dimension {
  let size: Dimension;
  readFields(bytes, 'an axis', { 1: (field) => (size = field.number()), 2: (field) => (size = field.text()) });
  return size === '' || size === -1 ? undefined : size;
}
