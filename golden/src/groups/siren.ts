import { instanceFromRawTensors } from '@netspace/formats';
import { packPReps, requiredPRepShape, type Architecture } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { defineArchitecture } from '../../../packages/zoo/src/layers/network.js';
import type { Group, GroupContext } from '../group.js';
import { runAtPoints, sirenInPReps } from '../points-network.js';
import { generateGroup } from '../procedural.js';
import { recognizeNetwork } from '../recognize.js';

/** Several SIRENs run from their PReps, each at its own points. */
export const siren: Group = (context) => {
  const { file, checks } = context;
  for (const name of file.names.filter((candidate) => candidate.endsWith('/out'))) {
    const label = name.slice(0, -'/out'.length);
    checks.section(label, () => {
      const points = file.tensor<tf.Rank.R3>(`${label}/coords`);
      const { architecture, preps } = file.has(`${label}/preps`) ? stored(context, label) : generated(context, label, points.shape[0]);
      checks.expect(name, runAtPoints(architecture, preps, points));
    });
  }
};

interface Networks {
  readonly architecture: Architecture;
  readonly preps: tf.Tensor3D;
}

function stored({ file, nets }: GroupContext, label: string): Networks {
  const preps: tf.Tensor3D = tf.squeeze(file.tensor(`${label}/preps`), [1]); // [B, 1, H, W]
  return { architecture: sirenInPReps(nets, label, preps), preps };
}

/** The label `h256` stands for generator groups of one such SIREN, `net:mlp-256x1`, `net:mlp-256x1-b`, …, in order, one per network. */
function generated({ manifest }: GroupContext, label: string, count: number): Networks {
  const size = label.replace(/^h/, '');
  const prefix = `net:mlp-${size.includes('x') ? size : `${size}x`}`;
  const groups = Object.keys(manifest.generated).filter((name) => name.startsWith(prefix));
  const series = groups.map((first) => groups.filter((name) => name === first || name.startsWith(`${first}-`)));
  const found = series.find((names) => names.length >= count);
  if (found === undefined) throw new Error(`${label}: expected ${count} generator groups ${prefix}…, got ${groups.join(', ') || 'none'}`);
  const tensors = found.slice(0, count).map((name) => generateGroup(manifest, name));
  const params = [...tensors[0]!].map(([name, { shape }]) => ({ name, shape }));
  const architecture = defineArchitecture(recognizeNetwork(label, params));
  const instances = tensors.map((weights) => instanceFromRawTensors(architecture, weights));
  return { architecture, preps: packPReps(instances, requiredPRepShape(architecture)) };
}
