import { NetSpaceError } from '@netspace/prep';

import { brief, type Budget, corruptFile } from '../limits.js';
import { operatorName, operatorOf } from '../operators/table.js';
import type { AttributeProto, FunctionProto, ModelProto, NodeProto, TensorProto } from '../proto/messages.js';
import { type Graph, neededFor } from './graph.js';
import { hasStateDict, looksOwn, stateNamesIn } from './module-path.js';

/**
 * Makes one list of nodes of a model: functions that the file defines are written out, constants become initializers, and nodes that no output
 * needs are left out.
 *
 * @throws NetSpaceError `UNSUPPORTED`, naming every node and operator that cannot run; `CORRUPT_FILE` if a node reads what nothing gives
 */
export function flattenModel({ graph, functions, opsets, producer }: ModelProto, budget: Budget, outputs?: readonly string[]): Graph {
  const byName = new Map(functions.map((one) => [`${one.domain}:${one.name}`, one]));
  const initializers = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const expanded = graph.nodes.flatMap((node) => written(node, byName, budget, '', 1));
  const wanted = outputs ?? graph.outputs.map(({ name }) => name);
  const nodes: NodeProto[] = [];
  const constantNodes = new Set<string>();
  for (const node of neededFor(expanded, wanted)) {
    const constant = constantOf(node);
    const alias = aliasOf(node, initializers);
    if (constant !== undefined) {
      initializers.set(node.outputs[0]!, { ...constant, name: node.outputs[0]! });
      constantNodes.add(node.outputs[0]!);
    }
    // PyTorch's exporter merges parameters of equal values; they are as many as before.
    else if (alias !== undefined) initializers.set(node.outputs[0]!, { ...alias, name: node.outputs[0]! });
    else nodes.push(node);
  }
  const inputs = graph.inputs.filter(({ name }) => !initializers.has(name));
  checkOperators(nodes);
  checkOrder(nodes, [...inputs.map(({ name }) => name), ...initializers.keys()], wanted);
  const stateNames = stateNamesIn(graph.signature);
  const byForm = hasStateDict(producer) ? looksOwn : () => false;
  const named = stateNames === undefined ? { isOwnName: byForm } : { isOwnName: (name: string) => stateNames.has(name), stateNames };
  const chosen = outputs === undefined ? graph.outputs : graph.outputs.filter(({ name }) => outputs.includes(name));
  return { nodes, inputs, outputs: chosen, initializers, opset: opsets.get('') ?? 0, producer, ...named, constantNodes };
}

const FLOATS: ReadonlySet<string> = new Set(['FLOAT', 'DOUBLE', 'FLOAT16', 'BFLOAT16']);

const constantOf = ({ operator, domain, attributes, outputs }: NodeProto): TensorProto | undefined => {
  if (operator !== 'Constant' || domain !== '' || outputs.length !== 1) return undefined;
  const tensor = attributes.find(({ name }) => name === 'value')?.t;
  return tensor !== undefined && FLOATS.has(tensor.type) && tensor.shape.length > 0 ? tensor : undefined;
};

const aliasOf = ({ operator, domain, inputs }: NodeProto, initializers: ReadonlyMap<string, TensorProto>): TensorProto | undefined =>
  operator === 'Identity' && domain === '' ? initializers.get(inputs[0] ?? '') : undefined;

/** A node as it is, or the nodes of the function that it calls, with names of their own. */
function written(
  node: NodeProto,
  functions: ReadonlyMap<string, FunctionProto>,
  budget: Budget,
  scope: string,
  depth: number,
): NodeProto[] {
  // prettier-ignore
  const called = functions.get(`${node.domain}:${node.operator}`);
  if (called === undefined) return [node];
  budget('depth', depth + 1);
  budget('nodes', called.nodes.length);
  const inner = `${scope}${node.name || node.outputs[0]}/`;
  const names = new Map<string, string>();
  called.inputs.forEach((name, i) => names.set(name, node.inputs[i] ?? ''));
  called.outputs.forEach((name, i) => node.outputs[i] && names.set(name, node.outputs[i]));
  const renamed = (name: string): string => (name === '' ? '' : (names.get(name) ?? inner + name));
  const given = new Map([...called.attributes, ...node.attributes].map((one) => [one.name, one]));
  const resolved = (one: AttributeProto): AttributeProto[] => {
    if (one.refersTo === undefined) return [one];
    const value = given.get(one.refersTo);
    return value === undefined ? [] : [{ ...value, name: one.name }];
  };
  return called.nodes.flatMap((each) =>
    written(
      {
        ...each,
        name: inner + (each.name || each.outputs[0] || ''),
        inputs: each.inputs.map(renamed),
        outputs: each.outputs.map(renamed),
        attributes: each.attributes.flatMap(resolved),
        ...(node.namespace !== undefined && { namespace: node.namespace }),
      },
      functions,
      budget,
      inner,
      depth + 1,
    ),
  );
}

/** What stands in a message for each of several operators, and how many of each. */
const MOST_LISTED = 12;

function checkOperators(nodes: readonly NodeProto[]): void {
  const unknown = nodes.filter((node) => operatorOf(node) === undefined);
  if (unknown.length === 0) return;
  const operators = [...new Set(unknown.map(operatorName))];
  const listed = unknown.slice(0, MOST_LISTED).map((node) => `${brief(node.name || node.outputs[0] || '?')} (${operatorName(node)})`);
  const more = unknown.length > listed.length ? `, … (${unknown.length})` : '';
  const loops = operators.includes('Loop') ? ' (recurrent layers of Keras: with unroll=True, or take the tf.LayersModel)' : '';
  throw new NetSpaceError(
    'UNSUPPORTED',
    `architectureFromOnnx: expected known operators, got ${operators.map(brief).join(', ')} in ${listed.join(', ')}${more}; export the model without them${loops}, or choose outputs before them with the option outputs`,
  );
}

function checkOrder(nodes: readonly NodeProto[], given: readonly string[], outputs: readonly string[]): void {
  const known = new Set(given);
  for (const node of nodes) {
    const missing = node.inputs.find((name) => name !== '' && !known.has(name));
    if (missing !== undefined)
      throw corruptFile(`expected ${brief(missing)} before ${brief(node.name)} (${node.operator}), got nothing that makes it`);
    for (const name of node.outputs) {
      if (name !== '' && known.has(name)) throw corruptFile(`expected each value once, got ${brief(name)} twice`);
      known.add(name);
    }
  }
  const missing = outputs.find((name) => !known.has(name));
  if (outputs.length === 0 || missing !== undefined)
    throw corruptFile(`expected a node that makes output ${brief(missing ?? '')}, got none`);
}
