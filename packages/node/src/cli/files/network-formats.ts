import { instanceToRawTensors, writePyTorchCheckpoint, writeSafetensors } from '@netspace/formats';
import { writeOnnx } from '@netspace/onnx';
import type { Architecture, Instance } from '@netspace/prep';
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
 * Refuses a format that a network of an architecture has not.
 *
 * @throws NetSpaceError `UNSUPPORTED`
 */
export function checkFormat(architecture: Architecture, format: NetworkFormat): void {
  if (format === 'tfjs') {
    if (isModelName(architecture.name)) checkModelFiles(architecture);
    else kerasTopology(architecture);
  }
  if (format === 'onnx' && !isOnnxName(architecture.name)) graphOf(architecture);
}
