import { disposeInstances } from '@netspace/prep';
import { toTorchOrder } from '@netspace/prep/internal';
import { describeOnRuntimes } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { architectureFromOnnx } from './architecture-from-onnx.js';
import { instanceFromOnnx } from './instance-from-onnx.js';
import { fixtureBytes, fixtureInput, fixtureLoss, fixtureModels, fixtureOutput, projectionsOf } from '@netspace/testing/onnx-fixtures'; // prettier-ignore

const options = { softmax: 'values', layout: 'as-exported' } as const;

describeOnRuntimes('the models that PyTorch, Keras and JAX exported', (runtime) => {
  // Each exporter's file of a model computes the same by the same ops: on cpu, which is slow, one of them is enough.
  const cases = fixtureModels.flatMap(({ files, ...model }) =>
    files.slice(0, runtime === 'cpu' ? 1 : undefined).map((file) => ({ file, ...model })),
  );
  it.each(cases)(
    '$file: outputs, gradients and names are those of the exported network',
    ({ file, inputs, outputs, gradients, inputGradients, constants = [] }) => {
      const before = tf.memory().numTensors;
      const bytes = fixtureBytes(file);
      const architecture = architectureFromOnnx(bytes, { ...options, constants });
      const instance = instanceFromOnnx(architecture, bytes);
      const given = inputs.map(fixtureInput);
      const names = architecture.inputs!.map(({ name }) => name);
      const run = (parameters: readonly tf.Tensor[], xs: readonly tf.Tensor[]): tf.Tensor[] => {
        const results = architecture.applyNamed!(parameters, Object.fromEntries(names.map((name, i) => [name, xs[i]!])));
        return architecture.outputs!.map(({ name }) => results[name]!);
      };

      const results = run(instance.parameters, given);
      results.forEach((result, i) => {
        expect(result.shape).toEqual(outputs[i]!.shape);
        expectClose(result.dataSync(), fixtureOutput(outputs[i]!), 1e-5, `output ${i}`);
      });

      expect(architecture.parameters.map(({ name, shape }) => `${name} [${shape}]`).sort()).toEqual(
        Object.entries(gradients).map(([name, { shape }]) => `${name} [${shape}]`).sort(), // prettier-ignore
      );
      const floats = given.flatMap((x, i) => (x.dtype === 'float32' ? [i] : []));
      const count = instance.parameters.length;
      const loss = (...all: tf.Tensor[]): tf.Scalar => {
        const xs = [...given];
        floats.forEach((at, i) => (xs[at] = all[count + i]!));
        return fixtureLoss(run(all.slice(0, count), xs));
      };
      const found = tf.grads(loss)([...instance.parameters, ...floats.map((i) => given[i]!)]);
      architecture.parameters.forEach((spec, i) => {
        const ordered = tf.tidy(() => tf.clone(toTorchOrder(found[i]!, spec)));
        expectProjections(ordered.dataSync(), gradients[spec.name]!.projections, spec.name);
        ordered.dispose();
      });
      floats.forEach((at, i) => expectProjections(found[count + i]!.dataSync(), inputGradients[at]!, names[at]!));

      tf.dispose([results, given, found]);
      disposeInstances([instance]);
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  expect(got.length).toBe(expected.length);
  const size = Math.max(1, ...Array.from(expected, Math.abs));
  const worst = Math.max(...Array.from(got, (value, i) => Math.abs(value - expected[i]!)));
  expect(worst / size, what).toBeLessThan(tolerance);
}

function expectProjections(values: ArrayLike<number>, expected: readonly number[], what: string): void {
  projectionsOf(values).forEach((value, i) => {
    expect(Math.abs(value - expected[i]!) / Math.max(expected[0]!, 0.01), `gradient of ${what}: ${value}, ${expected[i]}`).toBeLessThan(
      1e-4,
    );
  });
}
