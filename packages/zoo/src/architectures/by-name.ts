import { NetSpaceError, type Architecture } from '@netspace/prep';

import { lenetLikeNetwork } from './lenet-like.js';
import { defineArchitecture, type Network } from '../layers/network.js';
import { resnetNetwork } from './resnet.js';
import { sirenNetwork } from './siren.js';
import { vanillaCnnNetwork } from './vanilla-cnn.js';

/**
 * The zoo's architecture of a name, such as `lenet-like-3x32x32-10`, `resnet8-1x28x28-10-w0.25` or `siren-3-256x1-1`.
 *
 * @throws NetSpaceError `NOT_FOUND` if it is not a name of the zoo, `INVALID_OPTION` if a size in it is out of range
 * @example
 * ```ts
 * import { architectureByName } from '@netspace/zoo';
 *
 * console.log(architectureByName('lenet-like-1x28x28-10').parameters.length); // 10
 * ```
 */
export const architectureByName = (name: string): Architecture => defineArchitecture(networkByName('architectureByName', name));

/** Whether {@link architectureByName} knows a name. */
export const isZooName = (name: string): boolean => IMAGE.test(name) || SIREN.test(name);

export function networkByName(caller: string, name: string): Network {
  const network = parseImage(name) ?? parseSiren(name);
  if (network?.name !== name) {
    const hint = network === undefined ? hintFor(name) : `did you mean ${network.name}?`;
    throw new NetSpaceError('NOT_FOUND', `${caller}: expected the name of a zoo architecture, got '${name}'; ${hint}`);
  }
  return network;
}

/** Architectures of other origin are named after it; none of these can be made from the name alone. */
function hintFor(name: string): string {
  if (name.startsWith('layers-model-'))
    return 'this one is of a tf.LayersModel: pass [architectureFromLayersModel(model)], with a model of the same layers, in place of architectureByName';
  if (name.startsWith('onnx-'))
    return 'this one is of an ONNX file: pass [architectureFromOnnx(bytes)] of @netspace/onnx in place of architectureByName; in Node architecturesIn(folder) finds the graph that is kept beside a zoo or a space';
  return 'names look like lenet-like-3x32x32-10 or siren-3-256x1-1';
}

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const IMAGE = new RegExp(String.raw`^(lenet-like|vanilla-cnn|resnet)(\d*)-(\d+)x(\d+)x\d+-(\d+)(?:-w${NUMBER})?$`);
const SIREN = new RegExp(String.raw`^siren-(\d+)-(\d+)x(\d+)-(\d+)(?:-omega${NUMBER})?$`);

function parseImage(name: string): Network | undefined {
  const match = IMAGE.exec(name);
  if (match === null) return undefined;
  const [, family, depth = '', channels, size, classes, width = 1] = match;
  const task = { channels: Number(channels), size: Number(size), classes: Number(classes), width: Number(width) };
  if (family === 'resnet') return resnetNetwork({ ...task, depth: Number(depth) });
  return family === 'lenet-like' ? lenetLikeNetwork(task) : vanillaCnnNetwork(task);
}

function parseSiren(name: string): Network | undefined {
  const match = SIREN.exec(name);
  if (match === null) return undefined;
  const [inputs, hidden, layers, outputs, omega = 30] = match
    .slice(1)
    .map((text: string | undefined) => (text === undefined ? undefined : Number(text)));
  return sirenNetwork({ inputs: inputs!, hidden: hidden!, layers: layers!, outputs: outputs!, omega });
}
