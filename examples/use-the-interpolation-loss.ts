// Question: I have my own encoder and decoder. How do I train what lies *between* my architectures?
// Output:
//   γ between the smallest and the largest of four architectures: [ 0.3333333333333333, 0.6666666666666666 ]
//   Loss of the networks between: 13.5030
//   Its gradient reaches both ends: 6.32420015335083, 7.677000045776367
import '@tensorflow/tfjs';
import { gammaSchedule, interpolationLoss } from '@netspace/losses';
import * as tf from '@tensorflow/tfjs-core';

const ARCHITECTURES = 4;
const CLASSES = 10;
const embeddings = tf.randomNormal([2, 16], 0, 1, 'float32', 1) as tf.Tensor2D;
const images = tf.randomNormal([8, 12], 0, 1, 'float32', 2);
const labels = tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7], 'int32');
const teacher = tf.randomNormal([8, CLASSES], 0, 3, 'float32', 3) as tf.Tensor2D;

// Any decoder and any networks will do: here both are linear.
const toPRep = tf.randomNormal([16, 12 * CLASSES], 0, 0.3, 'float32', 4) as tf.Tensor2D;
const toClass = tf.randomNormal([16, ARCHITECTURES], 0, 0.3, 'float32', 5) as tf.Tensor2D;
const decode = (e: tf.Tensor2D) => ({
  preps: tf.reshape(tf.matMul(e, toPRep), [-1, 12, CLASSES]) as tf.Tensor3D,
  classLogits: tf.matMul(e, toClass) as tf.Tensor2D,
});
const forward = (preps: tf.Tensor3D) => tf.unstack(preps).map((prep) => tf.matMul(images, prep) as tf.Tensor2D);

console.log('γ between the smallest and the largest of four architectures:', gammaSchedule(ARCHITECTURES));
const loss = (e: tf.Tensor) =>
  interpolationLoss({ embeddings: e as tf.Tensor2D, classIds: [0, 3], architectures: ARCHITECTURES, decode, forward, teacher, labels })
    .total;
const { value, grad } = tf.valueAndGrad(loss)(embeddings);
console.log(`Loss of the networks between: ${(await value.data())[0]!.toFixed(4)}`);
console.log(`Its gradient reaches both ends: ${(await tf.sum(tf.abs(grad), 1).data()).map((x) => Number(x.toFixed(4))).join(', ')}`);
