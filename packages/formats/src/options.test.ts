import { unresolvedArchitecture } from '@netspace/prep';
import { itRefusesMisspelt } from '@netspace/testing/option-refusals';

import { instanceFromCheckpoint, instanceFromCheckpointOptions } from './checkpoint/instance-from-checkpoint.js';
import { instanceFromRawTensors, instanceFromTensorsOptions } from './checkpoint/instance-from-tensors.js';
import { readCheckpoint, readCheckpointOptions } from './checkpoint/read-checkpoint.js';
import * as formats from './index.js';
import { readNpz, readNpzOptions } from './npy/read-npz.js';
import { instanceToRawTensors, instanceToRawTensorsOptions } from './instance-tensors.js';
import { readPyTorchCheckpoint, readPyTorchCheckpointOptions } from './pytorch/checkpoint.js';
import { readSafetensors, readSafetensorsOptions, writeSafetensors, writeSafetensorsOptions } from './safetensors/safetensors.js';

const architecture = unresolvedArchitecture('none', []);
const bytes = new Uint8Array();
const keys = ({ entries }: { readonly entries: object }): string[] => Object.keys(entries);

itRefusesMisspelt(
  formats,
  {
    instanceFromCheckpoint: [keys(instanceFromCheckpointOptions), (o) => instanceFromCheckpoint(architecture, bytes, o)],
    instanceFromRawTensors: [keys(instanceFromTensorsOptions), (o) => instanceFromRawTensors(architecture, new Map(), o)],
    readCheckpoint: [keys(readCheckpointOptions), (o) => readCheckpoint(bytes, o)],
    instanceToRawTensors: [keys(instanceToRawTensorsOptions), (o) => instanceToRawTensors({ architecture, parameters: [] }, o)],
    readPyTorchCheckpoint: [keys(readPyTorchCheckpointOptions), (o) => readPyTorchCheckpoint(bytes, o)],
    readSafetensors: [keys(readSafetensorsOptions), (o) => readSafetensors(bytes, o)],
    'readSafetensors: limits': [Object.keys(formats.SAFETENSORS_LIMITS), (limits) => readSafetensors(bytes, { limits })],
    readNpz: [keys(readNpzOptions), (o) => readNpz(bytes, o)],
    'readNpz: limits': [Object.keys(formats.NPZ_LIMITS), (limits) => readNpz(bytes, { limits })],
    writeSafetensors: [keys(writeSafetensorsOptions), (o) => writeSafetensors(new Map(), o)],
  },
  ['encodeFloat16', 'rawToFloat32', 'readNpy', 'writePyTorchCheckpoint'],
);
