import { pretrainedSpace } from '../shared/pretrained-space.js';
import { configs } from './config.js';

/** The space of `pretrained/digits`. */
export const experiment = pretrainedSpace(
  'pretrained-digits',
  'Does a space of three architectures keep how well each of its digit classifiers does, from poor to good?',
  configs,
);
