// Question: I only want networks as matrices. How do I turn a network into a PRep, back, and into a file?
// Output:
//   resnet8-3x32x32-10: 77706 parameters fit a PRep of 8 × 10000
//   Largest difference between the logits before and after: 0
//   As safetensors, for PyTorch: 312536 bytes, tensors conv1.weight, conv1.bias, …
import '@tensorflow/tfjs';
import { instanceToRawTensors, readSafetensors, writeSafetensors } from '@netspace/formats';
import { packPRep, parameterCount, requiredPRepShape, unpackPRep } from '@netspace/prep';
import { initialize, resnet8 } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

const architecture = resnet8();
const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
const shape = requiredPRepShape(architecture);
console.log(`${architecture.name}: ${parameterCount(architecture.parameters)} parameters fit a PRep of ${shape.join(' × ')}`);

const prep = packPRep(instance, shape);
const parameters = unpackPRep(prep, architecture);
const image = tf.randomUniform([1, 32, 32, 3]);
const before = architecture.apply(instance.parameters, image);
const after = architecture.apply(parameters, image);
const difference = tf.max(tf.abs(tf.sub(before, after)));
console.log(`Largest difference between the logits before and after: ${(await difference.data())[0]}`);

const bytes = writeSafetensors(await instanceToRawTensors(instance));
console.log(
  `As safetensors, for PyTorch: ${bytes.length} bytes, tensors ${[...readSafetensors(bytes).tensors.keys()].slice(0, 2).join(', ')}, …`,
);
