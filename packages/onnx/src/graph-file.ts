import { type Architecture, NetSpaceError } from '@netspace/prep';
import { parseJson, parseOptions } from '@netspace/prep/internal';

import { architectureFromOnnx, graphReadingOptions, sourceOf } from './architecture-from-onnx.js';
import type { Source } from './graph/bindings.js';
import { brief, corruptFile } from './limits.js';
import { readFields } from './proto/fields.js';
import { emptyTensorBytes, withInitializers, withInputs, withMetadata } from './proto/write.js';

/** The key of a graph file's metadata under which it says how it is read. */
const READING = 'netspace.reading';

/**
 * The graph of an architecture as a file to keep beside its networks: an ONNX model whose weights are left out, which says how it was read.
 *
 * @returns nothing for an architecture that `architectureFromOnnx` did not make
 * @throws NetSpaceError `UNSUPPORTED` if the file would not give the same architecture again
 */
export function graphFileOf(
  architecture: Pick<Architecture, 'parameters'>,
): { readonly name: string; readonly bytes: Uint8Array } | undefined {
  const source = sourceOf(architecture);
  if (source === undefined) return undefined;
  const { network, bytes, reading: options } = source;
  const name = `onnx-${network.fingerprint}`;
  const { initializers, renamedInputs = new Map<string, ReadonlyMap<string, string>>() } = network.graph;
  const left = new Set(network.bindings.flatMap((binding) => initializersIn(binding.source)));
  const tensors = new Map([...left].map((one) => [one, emptyTensorBytes(one, initializers.get(one)!.shape)]));
  const written = withMetadata(withInitializers(withInputs(bytes, renamedInputs), tensors), READING, JSON.stringify(options));
  const again = architectureFromGraphFile(written);
  if (again.name === name) return { name, bytes: written };
  throw new NetSpaceError(
    'UNSUPPORTED',
    `graphFileOf: expected the graph of ${name} without its weights to be the same, got ${again.name}; export the model without functions of its own (onnx.inliner.inline_local_functions)`,
  );
}

/**
 * The architecture of a file that {@link graphFileOf} wrote.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if it is none; as `architectureFromOnnx`
 */
export function architectureFromGraphFile(bytes: Uint8Array): Architecture {
  let said: string | undefined;
  readFields(bytes, 'a model', {
    14: (field) => {
      let [key, value] = ['', ''];
      readFields(field.bytes(), 'metadata', { 1: (f) => (key = f.text()), 2: (f) => (value = f.text()) });
      if (key === READING) said = value;
    },
  });
  if (said === undefined) throw corruptFile(`expected ${READING} in the metadata, got none`);
  return architectureFromOnnx(bytes, parseOptions(READING, graphReadingOptions, jsonOf(said)));
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw corruptFile(`expected JSON as ${READING} in the metadata, got ${brief(text)}`, { cause });
  }
}

/** The initializers of which a parameter is made. */
function initializersIn(source: Source): readonly string[] {
  const own = 'initializer' in source && source.initializer !== undefined ? [source.initializer] : [];
  if (!('norm' in source)) return own;
  const { scale, shift, mean, variance } = source.norm;
  return [...own, scale, shift, mean, variance];
}
