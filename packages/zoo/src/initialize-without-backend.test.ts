import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { lenetLike } from './architectures/lenet-like.js';
import { initialize } from './initialize.js';

it('initialize says what to import where no backend is', () => {
  expect(tf.engine().backendNames()).toEqual([]); // nothing in this file imports one
  expect(() => initialize(lenetLike().parameters, { seed: 1 })).toThrow(
    expect.objectContaining({ code: 'UNAVAILABLE', message: expect.stringContaining("import '@tensorflow/tfjs' first") as string }),
  );
});
