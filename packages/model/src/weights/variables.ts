import { NetSpaceError, parameterCount, type ParameterSpec } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { NetSpaceConfig } from '../config.js';
import { initializeWeights, type InitializeOptions } from './initialize.js';
import { checkWeights, type NamedTensors } from './named-tensors.js';
import { decoderSpecs, encoderSpecs } from './specs.js';

export type NamedVariables = Readonly<Record<string, tf.Variable>>;

/** Specs of all weights of a space: the encoder's, then the decoder's, with their prefix. */
export const netSpaceSpecs = (config: NetSpaceConfig): ParameterSpec[] => [
  ...encoderSpecs(config).map((spec) => ({ ...spec, name: `encoder/${spec.name}` })),
  ...decoderSpecs(config).map((spec) => ({ ...spec, name: `decoder/${spec.name}` })),
];

/** Most weights of a space: 2 GiB in single precision, of which training takes four times as much. */
const WEIGHT_LIMIT = 2 ** 29;

/** Refuses sizes whose weights would take more memory than {@link WEIGHT_LIMIT}, before any weight is made. */
export function checkWeightCount(caller: string, config: NetSpaceConfig): void {
  const count = parameterCount(netSpaceSpecs(config));
  if (count <= WEIGHT_LIMIT) return;
  throw new NetSpaceError(
    'LIMIT_EXCEEDED',
    `${caller}: expected at most ${WEIGHT_LIMIT} weights, got sizes that need ${count}; choose smaller ones`,
  );
}

export interface CreateVariablesOptions {
  readonly seed: number;
  /** Values to start from; drawn at random if left out. */
  readonly weights?: NamedTensors | undefined;
  /** `[H, W]`, PRep of the instance that the scale layer starts from. */
  readonly prep?: tf.Tensor2D | undefined;
}

/** Makes the variables of a space, in the order of {@link netSpaceSpecs}. */
export function createVariables(caller: string, config: NetSpaceConfig, { seed, weights, prep }: CreateVariablesOptions): NamedVariables {
  const specs = netSpaceSpecs(config);
  if (weights !== undefined) checkWeights(caller, weights, specs);
  const values = weights ?? {
    ...named('encoder/', encoderSpecs(config), { seed }),
    ...named('decoder/', decoderSpecs(config), { seed: seed + 1, prep }),
  };
  const prefix = freePrefix(specs);
  return Object.fromEntries(specs.map(({ name }) => [name, tf.variable(values[name]!, true, `${prefix}/${name}`)]));
}

/** tfjs requires a unique name for every variable, and a program may have several spaces. */
function freePrefix([first]: readonly ParameterSpec[]): string {
  const taken = tf.engine().registeredVariables;
  let number = 0;
  while (`netspace-${number}/${first?.name}` in taken) number++;
  return `netspace-${number}`;
}

function named(prefix: string, specs: readonly ParameterSpec[], options: InitializeOptions): NamedTensors {
  const tensors = initializeWeights(specs, options);
  return Object.fromEntries(specs.map(({ name }, i) => [prefix + name, tensors[i]!]));
}

/** The variables whose names start with a prefix, without it. */
export const variablesUnder = (prefix: string, variables: NamedVariables): NamedVariables =>
  Object.fromEntries(
    Object.entries(variables)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, variable]) => [name.slice(prefix.length), variable]),
  );
