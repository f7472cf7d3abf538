import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import { tensorShape, type Instance, type ParameterSpec } from '../architecture.js';
import { unresolvedArchitecture } from '../unresolved-architecture.js';

const specShape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

const parameterSpec: fc.Arbitrary<Omit<ParameterSpec, 'name'>> = specShape.chain((shape) =>
  fc
    .option(fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }), { nil: undefined })
    .map((tensorAxes) => (tensorAxes === undefined ? { shape } : { shape, tensorAxes })),
);

/** A matrix whose axis runs over up to three images. */
const flattenedSpec: fc.Arbitrary<Omit<ParameterSpec, 'name'>> = fc
  .record({
    parts: fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 3 }),
    axis: fc.constantFrom(0, 1),
    other: fc.integer({ min: 1, max: 3 }),
    tensorAxes: fc.constantFrom([0, 1], [1, 0]),
  })
  .map(({ parts, axis, other, tensorAxes }) => {
    const size = parts.reduce((sum, [channels, pixels]) => sum + channels * pixels, 0);
    return { shape: axis === 0 ? [size, other] : [other, size], tensorAxes, flattened: [{ axis, parts }] };
  });

/** Up to six parameters of any shape, scalars and empty ones included, with any axis order, over flattened images too. */
export const randomSpecs: fc.Arbitrary<readonly ParameterSpec[]> = fc
  .array(fc.oneof(parameterSpec, flattenedSpec), { maxLength: 6 })
  .map((specs) => specs.map((spec, i) => ({ name: `p${i}`, ...spec })));

/** An instance whose parameters count on from `start` in TensorFlow's order, so that every misplaced value shows. */
export function countingInstance(parameters: readonly ParameterSpec[], start = 1): Instance {
  let next = start;
  const tensors = parameters.map((spec) => {
    const shape = tensorShape(spec);
    const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => next++);
    return tf.tensor(values, shape, 'float32');
  });
  return { architecture: unresolvedArchitecture('random', parameters), parameters: tensors };
}
