import { configs as classifiers } from '../pretrained-classifiers/config.js';
import { configs as digits } from '../pretrained-digits/config.js';

/** The shipped spaces that an experiment trained on graded zoos, by name: each at its small scale. */
export const gradedSpaces = { classifiers: classifiers.small.space, digits: digits.small.space };

/** The space of a name, or undefined if it is none of them. */
export const gradedSpace = (name: string) =>
  Object.hasOwn(gradedSpaces, name) ? gradedSpaces[name as keyof typeof gradedSpaces] : undefined;
