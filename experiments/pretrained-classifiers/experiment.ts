import { pretrainedSpace } from '../shared/pretrained-space.js';
import { configs } from './config.js';

/** The space of `pretrained/classifiers`. */
export const experiment = pretrainedSpace(
  'pretrained-classifiers',
  'Does a space of four architectures keep how well each of its CIFAR-10 classifiers does, from poor to good?',
  configs,
);
