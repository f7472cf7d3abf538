import '@tensorflow/tfjs';
import { disposeInstances } from '@netspace/prep';
import { fixtureBytes, fixtureModels } from '@netspace/testing/onnx-fixtures';
import { describe, expect, it } from 'vitest';

import { architectureFromOnnx } from './architecture-from-onnx.js';
import { architectureFromGraphFile, graphFileOf } from './graph-file.js';
import { instanceFromOnnx } from './instance-from-onnx.js';
import { writeOnnx } from './write-onnx.js';

const cases = fixtureModels.flatMap(({ files, constants = [] }) => files.map((file) => ({ file, constants })));

describe('graphFileOf', () => {
  it.each(cases)('$file: gives the same architecture again, without weights', ({ file, constants }) => {
    const bytes = fixtureBytes(file);
    const architecture = architectureFromOnnx(bytes, { constants });
    const graph = graphFileOf(architecture)!;
    const { name, parameters, inputs, outputs, purpose, batchNorms } = architectureFromGraphFile(graph.bytes);
    expect(graph.name).toBe(architecture.name);
    expect({ name, parameters, inputs, outputs, purpose, batchNorms }).toEqual({
      ...{ name: architecture.name, parameters: architecture.parameters, inputs: architecture.inputs, outputs: architecture.outputs },
      ...{ purpose: architecture.purpose, batchNorms: architecture.batchNorms },
    });
    const weights = architecture.parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    expect(graph.bytes.length).toBeLessThan(Math.max(bytes.length - 3 * weights, 0) + 100 * architecture.parameters.length + 1000);
  });
  it('keeps how the file was read', () => {
    const given = { softmax: 'values', layout: 'as-exported', purpose: 'other', constants: ['no*such'] } as const;
    const architecture = architectureFromOnnx(fixtureBytes('lenet.old.onnx'), given);
    const renamed = { ...architecture, name: 'renamed' };
    const again = architectureFromGraphFile(graphFileOf(renamed)!.bytes);
    expect(again.purpose).toBe('other');
    expect(again.inputs).toEqual(architecture.inputs);
    expect(architecture.inputs).not.toEqual(architectureFromOnnx(fixtureBytes('lenet.old.onnx')).inputs);
  });
  it('is refused if how it was read is no JSON', () => {
    const { bytes } = graphFileOf(architectureFromOnnx(fixtureBytes('mlp.old.onnx')))!;
    const at = Buffer.from(bytes).indexOf('{"');
    const broken = Uint8Array.from(bytes, (byte, i) => (i === at ? 0x5d : byte));
    expect(() => architectureFromGraphFile(broken)).toThrow(expect.objectContaining({ code: 'CORRUPT_FILE' }));
  });
  it('is a graph into which networks are written, and of which none is read', async () => {
    const bytes = fixtureBytes('resnet8.preserve.onnx');
    const architecture = architectureFromOnnx(bytes);
    const kept = graphFileOf(architecture)!;
    const known = architectureFromGraphFile(kept.bytes);
    expect(() => instanceFromOnnx(known, kept.bytes)).toThrow(/got a graph without weights; pass the file of a network/);
    const instance = instanceFromOnnx(known, bytes);
    const written = await writeOnnx(instance);
    const again = instanceFromOnnx(architecture, written);
    expect(again.parameters.map((tensor) => tensor.dataSync())).toEqual(instance.parameters.map((tensor) => tensor.dataSync()));
    disposeInstances([instance, again]);
  });
  it('refuses files that say nothing of how they are read', () => {
    expect(() => architectureFromGraphFile(fixtureBytes('lenet.old.onnx'))).toThrow(/expected netspace\.reading in the metadata, got none/);
    expect(graphFileOf({ parameters: [] })).toBeUndefined();
  });
});
