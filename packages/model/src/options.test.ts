import '@tensorflow/tfjs';
import { unresolvedArchitecture } from '@netspace/prep';
import { itRefusesMisspelt } from '@netspace/testing/option-refusals';
import * as tf from '@tensorflow/tfjs-core';

import { configOptions, resolveConfig } from './config.js';
import { encode, encodeOptions } from './encoder/encoder.js';
import { loadOptions } from './files/load.js';
import { saveOptions } from './files/save.js';
import * as model from './index.js';
import { decodeOptions, netSpaceOptions } from './net-space-options.js';
import { NetSpace } from './net-space.js';
import { adam, adamOptions } from './optimize/adam.js';
import { scheduleFrom } from './optimize/learning-rate.js';
import { sgd, sgdOptions } from './optimize/sgd.js';
import { netSpaceFromStateDictsOptions } from './state-dicts/net-space-from-state-dicts.js';

const architectures = [unresolvedArchitecture('one', [{ name: 'w', shape: [4] }])];
const prepShape = [4, 8] as const;
const space = new NetSpace({ architectures, prepShape, preset: 'tiny' });
const embeddings = tf.zeros<tf.Rank.R2>([1, space.config.embeddingSize]);
const preps = tf.zeros<tf.Rank.R3>([1, ...prepShape]);
const keys = ({ entries }: { readonly entries: object }): string[] => Object.keys(entries);

itRefusesMisspelt(
  model,
  {
    NetSpace: [keys(netSpaceOptions), (o) => new NetSpace({ architectures, prepShape, ...(o as object) })],
    'NetSpace: start': [
      ['from', 'instance'],
      (o) => new NetSpace({ architectures, prepShape, start: { from: 'random', ...(o as object) } }),
    ],
    'NetSpace.decode': [keys(decodeOptions), (o) => space.decode(embeddings, o)],
    'NetSpace.instantiate': [keys(decodeOptions), (o) => space.instantiate(embeddings, o)],
    'NetSpace.save': [keys(saveOptions), (o) => space.save('memory://nowhere', o)],
    'NetSpace.load': [keys(loadOptions), (o) => NetSpace.load('memory://nowhere', o)],
    'NetSpace.load: limits': [Object.keys(model.LOAD_LIMITS), (limits) => NetSpace.load('memory://nowhere', { limits })],
    netSpaceFromStateDicts: [
      keys(netSpaceFromStateDictsOptions),
      (o) => model.netSpaceFromStateDicts({ encoder: new Map(), decoder: new Map() }, o),
    ],
    encode: [keys(encodeOptions), (o) => encode({}, preps, space.config, o)],
    resolveConfig: [keys(configOptions), resolveConfig],
    adam: [keys(adamOptions), adam],
    sgd: [keys(sgdOptions), sgd],
    'adam: learningRate': [
      ['kind', 'learningRate', 'final'],
      (o) => adam({ learningRate: { kind: 'cosine', learningRate: 1, ...(o as object) } }),
    ],
    scheduleFrom: [
      ['kind', 'learningRate', 'milestones', 'factor', 'warmUp'],
      (o) => scheduleFrom({ kind: 'steps', learningRate: 1, milestones: [1], ...(o as object) }),
    ],
  },
  ['decode', 'decoderSpecs', 'encoderSpecs', 'stateDictsOf'],
);
