import '@tensorflow/tfjs';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { disposeInstances } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { architectureFromOnnx } from './architecture-from-onnx.js';
import { instanceFromOnnx } from './instance-from-onnx.js';
import { modelBytes } from './testing/model-bytes.js';
import { fixtureBytes } from '@netspace/testing/onnx-fixtures';

const lenet = fixtureBytes('lenet.old.onnx');
const codeOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return (error as { code?: unknown }).code ?? error;
  }
  return 'no error';
};

describe('architectureFromOnnx', () => {
  it('names every operator that it does not know, with its node, at once', () => {
    const nodes = [
      { name: 'first', operator: 'NonMaxSuppression', inputs: ['x'], outputs: ['a'] },
      { name: 'fine', operator: 'Relu', inputs: ['a'], outputs: ['b'] },
      { name: 'second', operator: 'Loop', inputs: ['b'], outputs: ['y'] },
    ];
    expect(() => architectureFromOnnx(modelBytes({ nodes }))).toThrow(
      /UNSUPPORTED|NonMaxSuppression, Loop in first \(NonMaxSuppression\), second \(Loop\); export/,
    );
  });
  it('leaves nodes alone that no chosen output needs', () => {
    const nodes = [
      { name: 'kept', operator: 'Relu', inputs: ['x'], outputs: ['y'] },
      { name: 'not needed', operator: 'NonMaxSuppression', inputs: ['y'], outputs: ['z'] },
    ];
    const { outputs } = architectureFromOnnx(modelBytes({ nodes, outputs: ['y', 'z'] }), { outputs: ['y'] });
    expect(outputs!.map(({ name }) => name)).toEqual(['y']);
  });
  it('refuses what is no model, is cut short, or reads what nothing makes', () => {
    expect(codeOf(() => architectureFromOnnx(new Uint8Array()))).toBe('CORRUPT_FILE');
    expect(codeOf(() => architectureFromOnnx(new TextEncoder().encode('{"nodes": []}')))).toBe('CORRUPT_FILE');
    expect(codeOf(() => architectureFromOnnx(lenet.slice(0, lenet.length / 2)))).toBe('CORRUPT_FILE');
    const nodes = [{ name: 'n', operator: 'Relu', inputs: ['nowhere'], outputs: ['y'] }];
    expect(() => architectureFromOnnx(modelBytes({ nodes }))).toThrow(/expected nowhere before n \(Relu\)/);
  });
  it('refuses more than its limits, naming the limit', () => {
    for (const limit of ['nodes', 'tensors', 'dataBytes', 'rank', 'nameCharacters', 'attributeValues'] as const) {
      expect(() => architectureFromOnnx(lenet, { limits: { [limit]: 1 } })).toThrow(`raise limits.${limit}`);
    }
  });
  it('refuses external data unless a reader is given, which is told where the bytes are', () => {
    const entry = (key: string, value: string): Uint8Array => new BinaryWriter().uint32(10).string(key).uint32(18).string(value).finish();
    const tensor = new BinaryWriter()
      .uint32(8).int64(2).uint32(16).int32(1).uint32(66).string('w') // prettier-ignore
      .uint32(106).bytes(entry('location', 'net.data')).uint32(106).bytes(entry('offset', '4')).uint32(112).int32(1).finish(); // prettier-ignore
    const bytes = modelBytes({ nodes: [{ name: 'n', operator: 'Mul', inputs: ['x', 'w'], outputs: ['y'] }], initializers: [tensor] });
    expect(() => architectureFromOnnx(bytes)).toThrow(/net\.data; pass the option externalData/);
    const places: unknown[] = [];
    const externalData = (place: unknown): Uint8Array => {
      places.push(place);
      return new Uint8Array(Float32Array.of(3, 4).buffer);
    };
    const architecture = architectureFromOnnx(bytes, { externalData });
    const instance = instanceFromOnnx(architecture, bytes, { externalData });
    expect(places[0]).toEqual({ location: 'net.data', offset: 4, length: 8 });
    expect([...instance.parameters[0]!.dataSync()]).toEqual([3, 4]);
    disposeInstances([instance]);
  });
  it('refuses inputs of another shape, another name, and too many inputs for apply', () => {
    const architecture = architectureFromOnnx(lenet);
    const instance = instanceFromOnnx(architecture, lenet);
    const wrong = tf.zeros([2, 1, 16, 16]);
    expect(() => architecture.apply(instance.parameters, wrong)).toThrow(/expected input0 as \[batch, 16, 16, 1\], got \[2,1,16,16\]/);
    expect(() => architecture.applyNamed!(instance.parameters, { image: wrong })).toThrow(/expected inputs input0, got image/);
    const nerf = fixtureBytes('nerf.old.onnx');
    const fields = architectureFromOnnx(nerf);
    const other = instanceFromOnnx(fields, nerf);
    expect(() => fields.apply([], wrong)).toThrow(/expected 14 parameters, got 0/);
    expect(() => fields.apply(other.parameters, wrong)).toThrow(
      /expected a network of one input, got 2 \(input0, input1\); call applyNamed/,
    );
    disposeInstances([instance, other]);
    wrong.dispose();
  });
  it('refuses a matrix of one axis when it runs, as any shape that does not fit', () => {
    const vector = new BinaryWriter().uint32(8).int64(2).uint32(16).int32(1).uint32(66).string('w.weight').uint32(74).bytes(new Uint8Array(8)).finish(); // prettier-ignore
    const bytes = modelBytes({ nodes: [{ name: 'fc', operator: 'Gemm', inputs: ['x', 'w.weight'], outputs: ['y'], ints: { transB: 1 } }], initializers: [vector] }); // prettier-ignore
    const instance = instanceFromOnnx(architectureFromOnnx(bytes), bytes);
    expect(codeOf(() => instance.architecture.apply(instance.parameters, tf.zeros([1, 2])))).toBe('SHAPE_MISMATCH');
    disposeInstances([instance]);
  });
  it('refuses options that it does not know', () => {
    expect(codeOf(() => architectureFromOnnx(lenet, { layers: 3 } as never))).toBe('INVALID_OPTION');
    expect(codeOf(() => architectureFromOnnx('lenet.onnx' as never))).toBe('INVALID_OPTION');
  });
});

describe('instanceFromOnnx', () => {
  it('reads the bytes that readFile of Node gives', () => {
    const [plain, node] = [lenet, Buffer.concat([Buffer.from('before'), lenet]).subarray(6)].map((bytes) =>
      instanceFromOnnx(architectureFromOnnx(bytes), bytes),
    );
    expect(node!.architecture.name).toBe(plain!.architecture.name);
    node!.parameters.forEach((tensor, i) => expect(tensor.dataSync()).toEqual(plain!.parameters[i]!.dataSync()));
    disposeInstances([plain!, node!]);
  });
  it('refuses a file of another network', () => {
    const architecture = architectureFromOnnx(lenet);
    expect(codeOf(() => instanceFromOnnx(architecture, fixtureBytes('resnet8.old.onnx')))).toBe('SHAPE_MISMATCH');
  });
  it('refuses a graph of the same parameters that computes something else', () => {
    const graph = (operator: string): Uint8Array => {
      const tensor = new BinaryWriter()
        .uint32(8)
        .int64(1)
        .uint32(16)
        .int32(1)
        .uint32(66)
        .string('w')
        .uint32(74)
        .bytes(new Uint8Array(4))
        .finish();
      return modelBytes({ nodes: [{ name: 'n', operator, inputs: ['x', 'w'], outputs: ['y'] }], initializers: [tensor] });
    };
    const architecture = architectureFromOnnx(graph('Add'));
    expect(codeOf(() => instanceFromOnnx(architecture, graph('Mul')))).toBe('INVALID_OPTION');
    const again = instanceFromOnnx(architecture, graph('Add'));
    expect(again.parameters.length).toBe(1);
    disposeInstances([again]);
  });
});
