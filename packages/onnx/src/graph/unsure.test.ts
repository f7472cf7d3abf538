import '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';

import { disposeInstances } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { architectureFromOnnx } from '../architecture-from-onnx.js';
import { instanceFromOnnx } from '../instance-from-onnx.js';
import { tensorBytes } from '../proto/write.js';
import { type HandNode, modelBytes } from '../testing/model-bytes.js';
import { writeOnnx } from '../write-onnx.js';

const SCALE = 'onnx::Mul_5';

/** `y = scale · (x w)`; the exporter computed the scale, such as the exponential of a parameter. */
function scaled(scale: number, names: { scale?: string; operator?: string } = {}): Uint8Array {
  const nodes: HandNode[] = [
    { name: 'first', operator: 'Mul', inputs: ['x', 'w'], outputs: ['h'] },
    { name: 'second', operator: names.operator ?? 'Mul', inputs: ['h', names.scale ?? SCALE], outputs: ['y'] },
  ];
  const initializers = [tensorBytes('w', [2], Float32Array.of(1, 2)), tensorBytes(names.scale ?? SCALE, [1], Float32Array.of(scale))];
  return modelBytes({ nodes, initializers });
}

/** What PyTorch wrote of a network whose learned scale it computed with. */
const learnedScale = (): Uint8Array => readFileSync(new URL('../../fixtures/learned-scale.onnx', import.meta.url));

describe('numbers that may be parameters', () => {
  it("are refused in PyTorch's own files", () => {
    expect(() => architectureFromOnnx(learnedScale())).toThrow(
      /got numbers that may be either: onnx::Mul_\d+ \[\] in \/Mul \(Mul\); export/,
    );
    const architecture = architectureFromOnnx(learnedScale(), { parameters: ['onnx::Mul_*'] });
    expect(architecture.parameters.map(({ shape }) => shape)).toEqual([[2, 3], []]);
    const instance = instanceFromOnnx(architecture, learnedScale());
    expect([...instance.parameters[1]!.dataSync()]).toEqual([0.25]);
    expect([...architecture.apply(instance.parameters, tf.tensor2d([[1, 1]])).dataSync()]).toEqual([0.75, 1.25, 1.75]);
    disposeInstances([instance]);
  });
  it('are refused by name, with the ways out', () => {
    expect(() => architectureFromOnnx(scaled(3))).toThrow(
      /onnx::Mul_5 \[1\] in second \(Mul\); export with do_constant_folding=False .* option constants .* otherwise in parameters/,
    );
  });
  it('are refused in operators that hold no weights, whatever their size', () => {
    const nodes = [{ name: 'max', operator: 'Max', inputs: ['x', 'onnx::Max_2'], outputs: ['y'] }];
    const initializers = [tensorBytes('onnx::Max_2', [2], Float32Array.of(1, 2))];
    expect(() => architectureFromOnnx(modelBytes({ nodes, initializers }))).toThrow(/onnx::Max_2 \[2\] in max \(Max\)/);
  });
  it('are parameters, or constants, where the caller says so', async () => {
    const learned = architectureFromOnnx(scaled(3), { parameters: ['onnx::Mul_*'] });
    expect(learned.parameters.map(({ name, shape }) => `${name} [${shape}]`)).toEqual(['w [2]', 'onnx::Mul_5 [1]']);
    const instance = instanceFromOnnx(learned, scaled(7));
    const y = learned.apply(instance.parameters, tf.tensor2d([[1, 1]]));
    expect([...y.dataSync()]).toEqual([7, 14]);
    const written = await writeOnnx(instance);
    const again = instanceFromOnnx(learned, written);
    expect([...again.parameters[1]!.dataSync()]).toEqual([7]);
    disposeInstances([instance, again]);
    const fixed = architectureFromOnnx(scaled(3), { constants: [SCALE] });
    expect(fixed.parameters.map(({ name }) => name)).toEqual(['w']);
    expect(fixed.name).not.toBe(learned.name);
  });
  it('that were said to be constants are refused, by name, in a file that has others', () => {
    const architecture = architectureFromOnnx(scaled(3), { constants: [SCALE] });
    expect(() => instanceFromOnnx(architecture, scaled(4))).toThrow(
      /expected the constants of onnx-[0-9a-f]{13}, got other numbers in onnx::Mul_5; if training changes them, .* parameters/,
    );
    disposeInstances([instanceFromOnnx(architecture, scaled(3))]);
    expect(() => instanceFromOnnx(architecture, scaled(3, { operator: 'Add' }))).toThrow(/that computes something else/);
  });
  it('are constants where the file lists its state dict, and all of it is there', () => {
    const nodes: HandNode[] = [
      { name: 'first', operator: 'Mul', inputs: ['x', 'w'], outputs: ['h'] },
      { name: 'second', operator: 'Mul', inputs: ['h', 'val_1'], outputs: ['y'] },
    ];
    const initializers = [tensorBytes('w', [2], Float32Array.of(1, 2)), tensorBytes('val_1', [], Float32Array.of(30))];
    const { parameters } = architectureFromOnnx(modelBytes({ nodes, initializers, stateNames: ['w', 'bn.num_batches_tracked'] }));
    expect(parameters.map(({ name }) => name)).toEqual(['w']);
    expect(() => architectureFromOnnx(modelBytes({ nodes, initializers, stateNames: ['w', 'log_scale'] }))).toThrow(
      /val_1 \[\] in second \(Mul\), while the graph has no log_scale; export with/,
    );
  });
  it('are refused as bounds that are in the state dict', () => {
    const nodes = [{ name: 'clip', operator: 'Clip', inputs: ['x', '', 'alpha'], outputs: ['y'] }];
    const model = { nodes, initializers: [tensorBytes('alpha', [], Float32Array.of(6))] };
    for (const more of [{}, { stateNames: ['alpha'] }]) {
      expect(() => architectureFromOnnx(modelBytes({ ...model, producer: 'pytorch', ...more }))).toThrow(
        /expected constants as inputs 1 and more of clip \(Clip\), got alpha, which is in the state dict; .*torch\.minimum/,
      );
    }
    expect(architectureFromOnnx(modelBytes({ ...model, producer: 'pytorch' }), { constants: ['alpha'] }).parameters).toEqual([]);
  });
  it('are parameters where they have a name of their own', () => {
    expect(architectureFromOnnx(scaled(3, { scale: 'scale' })).parameters).toHaveLength(2);
  });
});
