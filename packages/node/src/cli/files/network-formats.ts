import { instanceToRawTensors, writePyTorchCheckpoint, writeSafetensors } from '@netspace/formats';
import { writeOnnx } from '@netspace/onnx';
import { type Architecture, type Instance, isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { checkModelFiles, isModelName, kerasModel, kerasTopology, modelFiles } from '@netspace/zoo/internal';

import { isOnnxName } from '../../architectures/architectures-in.js';
import { graphOf, zooOnnx } from './zoo-onnx.js';

/** What a network can be written as. */
export const NETWORK_FORMATS = ['safetensors', 'pt', 'onnx', 'tfjs'] as const;
export type NetworkFormat = (typeof NETWORK_FORMATS)[number];

/** A file of a network, by what follows the network's own name. */
interface NetworkFile {
  readonly ending: string;
  readonly bytes: Uint8Array;
}

const WRITERS: Readonly<Record<NetworkFormat, (instance: Instance) => Promise<readonly NetworkFile[]>>> = {
  async safetensors(instance) {
    const { name } = instance.architecture;
    // Of somebody's own network nothing else has the norms folded: its state dict has them as layers.
    const tensors = await instanceToRawTensors(instance, { batchNorms: isOnnxName(name) ? 'separate' : 'folded' });
    return [{ ending: '.safetensors', bytes: writeSafetensors(tensors, { metadata: { architecture: name } }) }];
  },
  pt: async (instance) => [
    { ending: '.pt', bytes: writePyTorchCheckpoint(await instanceToRawTensors(instance, { batchNorms: 'separate' })) },
  ],
  onnx: async (instance) => [
    { ending: '.onnx', bytes: await (isOnnxName(instance.architecture.name) ? writeOnnx(instance) : zooOnnx(instance)) },
  ],
  tfjs: async (instance) =>
    (await (isModelName(instance.architecture.name) ? modelFiles(instance) : kerasModel(instance, {}))).map(({ name, bytes }) => ({
      ending: `/${name}`,
      bytes,
    })),
};

/** A network in a format: one file, or the files of a folder with its name. The first stands for all. */
export const networkFiles = (instance: Instance, format: NetworkFormat): Promise<readonly NetworkFile[]> => WRITERS[format](instance);

/**
 * Refuses a format that a network of an architecture has not, naming those that it has.
 *
 * @throws NetSpaceError `UNSUPPORTED`
 */
export function checkFormat(architecture: Architecture, format: NetworkFormat): void {
  const reason = reasonAgainst(architecture, format);
  if (reason === undefined) return;
  const others = NETWORK_FORMATS.filter((one) => reasonAgainst(architecture, one) === undefined);
  throw new NetSpaceError('UNSUPPORTED', `decode: expected a format that ${architecture.name} has (${others.join(', ')}), got ${format}; ${reason}`); // prettier-ignore
}

/** Why a network of an architecture has no such form, and what to do instead; undefined if it has. */
function reasonAgainst(architecture: Architecture, format: NetworkFormat): string | undefined {
  if (format === 'safetensors' || format === 'pt') return undefined; // weights alone, of any architecture
  const { name } = architecture;
  const check = format === 'tfjs' ? checkLayers : checkGraph;
  try {
    check(architecture);
    return undefined;
  } catch (error) {
    if (!isNetSpaceError(error)) throw error;
    if (isModelName(name)) return format === 'onnx' ? 'take tfjs, and convert it in Python: tensorflowjs_converter to Keras, then model.export(…, format="onnx")' : error.message; // prettier-ignore
    if (isOnnxName(name)) return 'its graph is one of ONNX: take onnx';
    return 'Keras has no layer for a sine: take onnx';
  }
}

const checkLayers = (architecture: Architecture): unknown => isModelName(architecture.name) ? checkModelFiles(architecture) : kerasTopology(architecture); // prettier-ignore
const checkGraph = (architecture: Architecture): unknown => (isOnnxName(architecture.name) ? undefined : graphOf(architecture));
