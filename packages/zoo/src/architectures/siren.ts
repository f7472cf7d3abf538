import type { Architecture, ParameterSpec } from '@netspace/prep';
import { refuseUnknown } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { checkInteger, checkNumber } from './check-option.js';
import { linearSpecs } from '../layers/layers.js';
import { defineArchitecture, type Network } from '../layers/network.js';

/** Options of {@link siren}. */
export interface SirenOptions {
  /**
   * Coordinates of a point.
   * @default 3
   */
  readonly inputs?: number;
  /**
   * Features of a hidden layer, H.
   * @default 256
   */
  readonly hidden?: number;
  /**
   * How many H → H layers lie between the first and the last.
   * @default 1
   */
  readonly layers?: number;
  /**
   * Values at a point.
   * @default 1
   */
  readonly outputs?: number;
  /**
   * Frequency factor ω inside each sine.
   * @default 30
   */
  readonly omega?: number;
}

/**
 * SIREN, a function of space as a network: linear layers, each but the last followed by sin(ω z).
 *
 * The paper's is 3 → 256 → 256 → 1 with ω = 30 and gives the signed distance to a surface. Values are `[points, outputs]`. Its purpose is
 * `sdf` if it maps three coordinates to one value, and `other` for all other sizes.
 *
 * @throws NetSpaceError `INVALID_OPTION` if a size is out of range
 * @see Sitzmann et al., "Implicit Neural Representations with Periodic Activation Functions", arXiv:2006.09661
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { initialize, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ hidden: 64 });
 * const parameters = initialize(architecture.parameters, { seed: 1, scheme: 'siren' });
 * const points = tf.tensor2d([[0, 0, 0], [0.1, 0.2, 0.3]]);
 * console.log(architecture.apply(parameters, points).shape); // [ 2, 1 ]
 * ```
 */
export const siren = (options: SirenOptions = {}): Architecture => defineArchitecture(sirenNetwork(options));

export function sirenNetwork(options: SirenOptions): Network {
  refuseUnknown('siren', options, ['inputs', 'hidden', 'layers', 'outputs', 'omega']);
  const { inputs = 3, hidden = 256, layers = 1, outputs = 1, omega = 30 } = options;
  checkInteger('siren', 'inputs', inputs, 1, 65_536);
  checkInteger('siren', 'hidden', hidden, 1, 65_536);
  checkInteger('siren', 'layers', layers, 0, 1000);
  checkInteger('siren', 'outputs', outputs, 1, 65_536);
  checkNumber('siren', 'omega', omega, 0.001, 1_000_000);
  const sizes = [inputs, ...Array<number>(layers + 1).fill(hidden), outputs];
  const names = sizes.slice(1).map((_, i) => `mlp.${2 * i}`); // the authors count the sines too
  return {
    name: `siren-${inputs}-${hidden}x${layers}-${outputs}${omega === 30 ? '' : `-omega${omega}`}`,
    purpose: inputs === 3 && outputs === 1 ? 'sdf' : 'other',
    input: [inputs],
    ownInputs: true,
    parameters: names.flatMap((name, i) => {
      const isLast = i === names.length - 1;
      const [weight, bias] = linearSpecs(name, sizes[i]!, sizes[i + 1]!, { from: names[i - 1], to: isLast ? undefined : name });
      // sin(−z) = −sin z, and sin(z + 2π) = sin z.
      return [withSigns(weight!), isLast ? bias! : { ...withSigns(bias!), period: (2 * Math.PI) / omega }];
    }),
    forward(network, points) {
      let x = points as tf.Tensor2D;
      for (const name of names.slice(0, -1)) x = tf.sin(tf.mul(network.linear(name, x), omega)) as tf.Tensor2D;
      return network.linear(names.at(-1)!, x);
    },
  };
}

/** The sign of a unit is free wherever its place is. */
const withSigns = (spec: ParameterSpec): ParameterSpec => ({ ...spec, signs: (spec.channels ?? []) as readonly (string | undefined)[] });
