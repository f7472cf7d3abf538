import { type Architecture, isNetSpaceError, NetSpaceError, type Purpose } from '@netspace/prep';
import { objectOf, oneOf, optional, parseJson, parseOptions, PURPOSES, withDefault } from '@netspace/prep/internal';
import type { LayersModel } from '@tensorflow/tfjs-layers';

import { architectureFromLayersModel } from '../functional-call.js';
import { type LayersOfTfjs, withLimitedWeights } from './limited-weights.js';

/** The options of `architectureFromLayersModel` that decide what its networks give. */
export interface ModelReading {
  readonly purpose?: Purpose | undefined;
  readonly outputs?: 'logits' | 'values' | undefined;
}

interface ReadFile {
  readonly name: string;
  /** As the file has it: TensorFlow.js forgets some settings of a model that it writes again. */
  readonly topology: object;
  readonly reading: ModelReading;
}

/** By the parameters of architectures: they stay the same when somebody copies or renames an architecture. */
const files = new WeakMap<Architecture['parameters'], ReadFile>();

/** The `modelTopology` of the file that an architecture was read of. */
export const topologyOf = ({ parameters }: Pick<Architecture, 'parameters'>): object | undefined => files.get(parameters)?.topology;

/**
 * The architecture of a `model.json` of TensorFlow.js, whose weights need not be there. A backend must have begun: the layers have weights of
 * zeros, which nobody reads.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if it is none, `UNSUPPORTED` for a layer that TensorFlow.js does not have, `LIMIT_EXCEEDED` for more numbers
 *   than `MODEL_LIMITS` allows; as `architectureFromLayersModel`
 */
export async function architectureFromModelJson(bytes: Uint8Array, reading: ModelReading, layers: LayersOfTfjs): Promise<Architecture> {
  const { modelTopology: topology } = fieldsOf(parsed(bytes));
  if (typeof topology !== 'object' || topology === null) throw corrupt('modelTopology', 'none');
  const model = await modelOf(topology, layers);
  const architecture = architectureOf(() => architectureFromLayersModel(model, defined(reading)));
  files.set(architecture.parameters, { name: architecture.name, topology, reading });
  return architecture;
}

const readingOptions = objectOf({
  purpose: optional(oneOf(PURPOSES)),
  outputs: withDefault(oneOf(['logits', 'values']), 'logits'),
});

/** The key of a model file's `userDefinedMetadata` under which it says how it is read. */
const READING = 'netspace.reading';

/**
 * The layers of an architecture as a file to keep beside its networks: its `model.json` without weights, which says how it was read.
 *
 * @returns nothing for an architecture that {@link architectureFromModelJson} did not make
 */
export function modelFileOf({
  parameters,
}: Pick<Architecture, 'parameters'>): { readonly name: string; readonly bytes: Uint8Array } | undefined {
  const read = files.get(parameters);
  if (read === undefined) return undefined;
  const { name, topology, reading } = read;
  const file = {
    ...{ format: 'layers-model', modelTopology: topology, weightsManifest: [] },
    userDefinedMetadata: { [READING]: reading },
  };
  return { name, bytes: new TextEncoder().encode(`${JSON.stringify(file)}\n`) };
}

/**
 * The architecture of a file that {@link modelFileOf} wrote.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if it is none; as {@link architectureFromModelJson}
 */
export async function architectureFromModelFile(bytes: Uint8Array, layers: LayersOfTfjs): Promise<Architecture> {
  const said = fieldsOf(fieldsOf(parsed(bytes))['userDefinedMetadata'])[READING];
  if (said === undefined) throw corrupt(`${READING} in its metadata`, 'none');
  return architectureFromModelJson(bytes, parseOptions(READING, readingOptions, said), layers);
}

/** A file may say anything: what no layer expects is no fault of this program. */
function architectureOf(make: () => Architecture): Architecture {
  try {
    return make();
  } catch (cause) {
    if (isNetSpaceError(cause)) throw cause;
    throw corrupt('layers that TensorFlow.js runs', cause instanceof Error ? cause.message.slice(0, 200) : String(cause), cause);
  }
}

async function modelOf(topology: object, layers: LayersOfTfjs): Promise<LayersModel> {
  try {
    return await withLimitedWeights(layers, () => layers.models.modelFromJSON({ modelTopology: topology } as never));
  } catch (cause) {
    if (isNetSpaceError(cause)) throw cause;
    const words = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!.slice(0, 200);
    const [, layer] = /Unknown layer: ([\w$]+)/.exec(words) ?? [];
    if (layer === undefined) throw corrupt('layers that TensorFlow.js reads', words, cause);
    throw new NetSpaceError('UNSUPPORTED', `model.json: expected layers that TensorFlow.js has, got ${layer}; for layers of your own write a program, which registers their class (tf.serialization.registerClass)`, { cause }); // prettier-ignore
  }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder().decode(bytes));
  } catch (error) {
    throw corrupt('JSON', 'something else', error);
  }
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

const defined = ({ purpose, outputs }: ModelReading) => ({
  ...(purpose !== undefined && { purpose }),
  ...(outputs !== undefined && { outputs }),
});

const corrupt = (expected: string, got: string, cause?: unknown): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `model.json: expected ${expected}, got ${got}; save the model again with model.save`, { cause });
