import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

import { neededFor } from '../graph/graph.js';
import { brief, type Budget, corruptFile } from '../limits.js';
import { operatorOf } from '../operators/table.js';
import type { NodeProto } from '../proto/messages.js';
import { type Call, nameOf, type Result } from './call.js';
import { type Host, isHost, type Value } from './value.js';

/** What a graph computes, once it has run on inputs of some shapes: shape arithmetic is not done again. */
interface Program {
  readonly known: ReadonlyMap<string, Host>;
  readonly nodes: readonly NodeProto[];
}

export interface Executor {
  /**
   * Runs the graph inside the caller's `tf.tidy`.
   *
   * @param key says all that shape arithmetic depends on: the shapes of what is given
   */
  run(given: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value>;
}

/** Shapes for which a program is kept. */
const MOST_PROGRAMS = 8;

/** Runs nodes one after the other. */
export function createExecutor(
  nodes: readonly NodeProto[],
  { constants, outputs, opset, budget }: { readonly constants: (name: string) => Host | undefined; readonly outputs: readonly string[]; readonly opset: number; readonly budget: Budget }, // prettier-ignore
): Executor {
  const programs = new Map<string, Program>();
  const runAll = (program: Program, given: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> => {
    const values = new Map<string, Value>(given);
    const find = (name: string): Value => values.get(name) ?? program.known.get(name) ?? constants(name) ?? notMade(nodes, name);
    for (const node of program.nodes) {
      const results = runNode({ node, opset, budget, inputs: node.inputs.map((name) => (name === '' ? undefined : find(name))) });
      node.outputs.forEach((name, i) => {
        const value = results[i];
        if (name !== '' && value !== undefined) values.set(name, value);
      });
    }
    for (const name of outputs) values.set(name, find(name));
    return values;
  };
  return {
    run(given, key) {
      const program = programs.get(key);
      if (program !== undefined) return runAll(program, given);
      const values = runAll({ known: new Map(), nodes }, given);
      const known = new Map([...values].filter((entry): entry is [string, Host] => isHost(entry[1])));
      if (programs.size >= MOST_PROGRAMS) programs.delete(programs.keys().next().value!);
      programs.set(key, { known, nodes: neededFor(nodes, outputs, (name) => known.has(name)) });
      return values;
    },
  };
}

/** Some operators have outputs that they need not give, such as the places of the largest values. */
function notMade(nodes: readonly NodeProto[], name: string): never {
  const node = nodes.find(({ outputs }) => outputs.includes(name));
  if (node === undefined) throw corruptFile(`expected a node that makes ${brief(name)}, got none`);
  const place = node.outputs.indexOf(name) + 1;
  throw new NetSpaceError('UNSUPPORTED', `${nameOf(node)}: expected only outputs that are computed here to be used, got output ${place}, ${brief(name)}; export the model without it`); // prettier-ignore
}

function runNode(call: Call): readonly (Value | undefined)[] {
  try {
    const result: Result = operatorOf(call.node)!(call);
    return Array.isArray(result) ? (result as readonly (Value | undefined)[]) : [result as Value];
  } catch (error) {
    if (isNetSpaceError(error)) throw error;
    // TensorFlow.js refuses shapes that do not fit in words of its own.
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${nameOf(call.node)}: expected inputs that it can compute with, got [${call.inputs.map((value) => (value === undefined ? '' : shapeText(value))).join('], [')}] (${error instanceof Error ? error.message : String(error)}); the graph needs inputs of another shape`,
      { cause: error },
    );
  }
}

const shapeText = (value: Value): string => String(isHost(value) ? value.shape : value.tensor.shape);
