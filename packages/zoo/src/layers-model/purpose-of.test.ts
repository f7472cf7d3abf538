import * as tfl from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';

import { describeOnRuntimes } from '@netspace/testing';

import { lenetLike } from '../architectures/lenet-like.js';
import { resnet8 } from '../architectures/resnet.js';
import { siren } from '../architectures/siren.js';
import { vanillaCnn } from '../architectures/vanilla-cnn.js';
import { architectureFromLayersModel } from './functional-call.js';

const { dense, flatten, activation } = tfl.layers;
const model = (inputShape: number[], ...layers: tfl.layers.Layer[]) =>
  tfl.sequential({ layers: [tfl.layers.inputLayer({ inputShape }), ...layers] });

const makesProbabilities = /^probabilities/; // which are no logits

describeOnRuntimes(
  'the purpose of an architecture',
  () => {
    it('is said by those of the zoo', () => {
      expect([lenetLike(), vanillaCnn(), resnet8()].map(({ purpose }) => purpose)).toEqual(Array(3).fill('classifier'));
      expect(siren().purpose).toBe('sdf');
      expect([siren({ inputs: 2 }), siren({ outputs: 3 })].map(({ purpose }) => purpose)).toEqual(['other', 'other']);
    });

    it.each([
      ['logits of images', 'classifier', () => model([4, 4, 1], flatten(), dense({ units: 3 }))],
      ['probabilities', 'classifier', () => model([4, 4, 1], flatten(), dense({ units: 3, activation: 'softmax' }))],
      [
        'probabilities by a layer',
        'classifier',
        () => model([4, 4, 1], flatten(), dense({ units: 3 }), activation({ activation: 'softmax' })),
      ],
      ['one number of an image', 'other', () => model([4, 4, 1], flatten(), dense({ units: 1 }))],
      ['numbers of a point', 'other', () => model([3], dense({ units: 2 }))],
      ['an image of an image', 'other', () => model([4, 4, 1], dense({ units: 2 }))],
    ] as const)('of a LayersModel that gives %s is %s', (gives, purpose, make) => {
      const net = make();
      expect(architectureFromLayersModel(net).purpose).toBe(purpose);
      expect(architectureFromLayersModel(net, { purpose: 'sdf' }).purpose).toBe('sdf');
      expect(architectureFromLayersModel(net, { outputs: 'values' }).purpose).toBe(makesProbabilities.test(gives) ? 'other' : purpose);
      net.dispose();
    });
  },
  { runtimes: ['cpu'] },
);
