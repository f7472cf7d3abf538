// What onnxruntime-node makes of the fixtures and of ONNX's node tests, beside what we make of them. It is 290 MB, so it is no dependency:
//   cd FOLDER && ONNXRUNTIME_NODE_INSTALL=skip npm i onnxruntime-node
//   npx tsx testing/onnx/compare-onnxruntime.ts FOLDER/node_modules/onnxruntime-node
import { createRequire } from 'node:module';

import { architectureFromOnnx, instanceFromOnnx } from '@netspace/onnx';
import { disposeInstances } from '@netspace/prep';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';

import { budgetOf, ONNX_LIMITS } from '../../packages/onnx/src/limits.js';
import { readTensor } from '../../packages/onnx/src/proto/read-tensor.js';
import { hostOfRaw } from '../../packages/onnx/src/run/constants.js';
import { runNodeTest } from '../../packages/onnx/src/testing/run-node-test.js';
import { fixtureBytes, fixtureInput, fixtureModels, fixtureOutput } from '../onnx-fixtures.js';
import { nodeTests } from '../onnx-node-tests.js';

interface OrtTensor {
  readonly data: unknown;
}
interface OrtSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, OrtTensor>>): Promise<Readonly<Record<string, OrtTensor>>>;
}
/** What is used of the package here. */
interface Ort {
  readonly Tensor: new (type: string, data: unknown, shape: readonly number[]) => OrtTensor;
  readonly InferenceSession: { create(file: Uint8Array, options: object): Promise<OrtSession> };
}

const ort = createRequire(import.meta.url)(process.argv[2]!) as Ort;
await tf.setBackend('cpu');

/** @param feeds by name, or in the order of the file */
async function outputsOf(file: Uint8Array, feeds: Readonly<Record<string, OrtTensor>> | readonly OrtTensor[]) {
  const session = await ort.InferenceSession.create(file, { logSeverityLevel: 4 });
  const named = Array.isArray(feeds) ? Object.fromEntries(session.inputNames.map((name, i) => [name, (feeds as readonly OrtTensor[])[i]!])) : (feeds as Readonly<Record<string, OrtTensor>>); // prettier-ignore
  const results = await session.run(named);
  const names = session.outputNames;
  return names.map((name) => Float64Array.from(results[name]!.data as ArrayLike<number>, Number));
}

/** The greatest difference, as a part of the greatest number, or of 1 if that is smaller. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [most, size] = [0, 1];
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i] || (Number.isNaN(a[i]) && Number.isNaN(b[i]))) continue;
    const apart = Math.abs(a[i]! - b[i]!);
    most = Math.max(most, Number.isNaN(apart) ? Infinity : apart);
  }
  for (let i = 0; i < b.length; i++) if (Number.isFinite(b[i])) size = Math.max(size, Math.abs(b[i]!));
  return a.length === b.length ? most / size : Infinity;
}

const feedOf = (x: tf.Tensor): OrtTensor =>
  x.dtype === 'int32'
    ? new ort.Tensor('int64', BigInt64Array.from([...x.dataSync<'int32'>()].map(BigInt)), x.shape)
    : new ort.Tensor('float32', x.dataSync<'float32'>(), x.shape);

const models: { readonly file: string; readonly ours: number; readonly theirs: number }[] = [];
for (const { files, inputs, outputs, constants = [], isOnnx = true } of fixtureModels) {
  if (!isOnnx) continue;
  for (const file of files) {
    const bytes = fixtureBytes(file);
    const architecture = architectureFromOnnx(bytes, { softmax: 'values', layout: 'as-exported', constants });
    const instance = instanceFromOnnx(architecture, bytes);
    const given = inputs.map(fixtureInput);
    const results = architecture.applyNamed!(instance.parameters, Object.fromEntries(architecture.inputs!.map(({ name }, i) => [name, given[i]!]))); // prettier-ignore
    const truth = await outputsOf(bytes, given.map(feedOf));
    const apart = architecture.outputs!.map(({ name }, i) => difference(results[name]!.dataSync(), truth[i]!));
    const framework = outputs.map((output, i) => difference(fixtureOutput(output), truth[i]!));
    models.push({ file, ours: Math.max(...apart), theirs: Math.max(...framework) });
    tf.dispose([results, given]);
    disposeInstances([instance]);
  }
}
const worst = [...models].sort((a, b) => b.ours - a.ours);
console.log(`${models.length} files of ${fixtureModels.filter(({ isOnnx = true }) => isOnnx).length} models: we differ from onnxruntime-node by at most ${worst[0]!.ours.toExponential(1)} (${worst[0]!.file}), PyTorch, Keras and JAX by at most ${Math.max(...models.map(({ theirs }) => theirs)).toExponential(1)}`); // prettier-ignore
for (const { file, ours, theirs } of worst.slice(0, 5)) console.log(`  ${file}: ours ${ours.toExponential(1)}, the framework ${theirs.toExponential(1)}`); // prettier-ignore

const TYPES: Readonly<Record<string, readonly [type: string, make: (data: ArrayLike<number>) => unknown]>> = {
  ...{ FLOAT: ['float32', Float32Array.from.bind(Float32Array)], DOUBLE: ['float64', Float64Array.from.bind(Float64Array)] },
  ...{ INT32: ['int32', Int32Array.from.bind(Int32Array)], UINT8: ['uint8', Uint8Array.from.bind(Uint8Array)] },
  ...{ BOOL: ['bool', Uint8Array.from.bind(Uint8Array)], INT8: ['int8', Int8Array.from.bind(Int8Array)] },
  INT64: ['int64', (data) => BigInt64Array.from(Array.from(data, BigInt))],
};
let [ran, greatest, refused] = [0, 0, 0];
const apart: string[] = [];
for (const test of nodeTests()) {
  const passes = (['none', 'integers', 'all'] as const).some((known) => {
    try {
      return runNodeTest(test, known) === undefined;
    } catch {
      return false;
    }
  });
  if (!passes) continue;
  const budget = budgetOf(ONNX_LIMITS);
  const [given, expected] = [test.inputs, test.outputs].map((list) => list.map((bytes) => readTensor(bytes, budget, undefined)));
  if ([...given!, ...expected!].some(({ type }) => TYPES[type] === undefined)) continue;
  try {
    const feeds = given!.map((one): [string, OrtTensor] => {
      const [type, make] = TYPES[one.type]!;
      return [one.name, new ort.Tensor(type, make(hostOfRaw(one.read()).data), one.shape)];
    });
    const results = await outputsOf(test.model, Object.fromEntries(feeds));
    ran++;
    const most = Math.max(...expected!.map((one, i) => difference(hostOfRaw(one.read()).data, results[i]!)));
    if (most > 1e-5) apart.push(`${test.name} ${most.toExponential(1)}`);
    else greatest = Math.max(greatest, most);
  } catch {
    refused++;
  }
}
console.log(`node tests that we pass: onnxruntime-node runs ${ran}, of which it differs from ONNX's outputs (ours, to 1e-5) by at most ${greatest.toExponential(1)} in ${ran - apart.length}; it refuses ${refused}`); // prettier-ignore
console.log(`  more than 1e-5: ${apart.join(', ') || 'none'}`);
