import { describeOnRuntimes, expectClose, goldenTensors, type GoldenTensor } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { boundaryPairs } from './interpolation/boundary-pairs.js';
import { classIdLoss } from './class-id.js';
import { crossEntropyLoss } from './cross-entropy.js';
import { distillationLoss } from './distillation.js';
import { gammaSchedule } from './interpolation/gamma-schedule.js';
import { interpolatedSamples } from './interpolation/interpolated-samples.js';
import { interpolationLoss } from './interpolation/interpolation.js';
import { knowledgeDistillationLoss } from './knowledge-distillation.js';
import { multiArchitectureLoss } from './multi-architecture.js';
import { sdfLoss } from './sdf.js';
import { singleArchitectureLoss } from './single-architecture.js';

const losses = goldenTensors('losses');
const interp = goldenTensors('interp');

const dense = <R extends tf.Rank>({ values, shape }: GoldenTensor): tf.Tensor<R> => tf.tensor<R>([...values], [...shape] as tf.ShapeMap[R]);
const integers = ({ values }: GoldenTensor): tf.Tensor1D => tf.tensor1d([...values], 'int32');

describeOnRuntimes('the losses give the golden values', () => {
  it.each(['cifar10', 'tin', 'extreme'])('distillation, cross-entropy and both: %s', (set) => {
    tf.tidy(() => {
      const student = dense<tf.Rank.R2>(losses(`${set}/student`));
      const teacher = dense<tf.Rank.R2>(losses(`${set}/teacher`));
      const labels = integers(losses(`${set}/labels`));
      const check = (name: string, got: tf.Tensor) => expectClose(got.dataSync(), losses(`${set}/${name}`).values);
      check('kl-t4', distillationLoss(student, teacher));
      check('kl-t1', distillationLoss(student, teacher, { temperature: 1 }));
      check('kl-t4-no-t2', distillationLoss(student, teacher, { squaredTemperature: false }));
      check('kl-t4-swapped', distillationLoss(teacher, student));
      check('ce', crossEntropyLoss(student, labels));
      check('kd', knowledgeDistillationLoss(student, teacher, labels));
      check('kd-no-t2', knowledgeDistillationLoss(student, teacher, labels, { squaredTemperature: false }));
      check('grad-kd', tf.grad((s) => knowledgeDistillationLoss(s as tf.Tensor2D, teacher, labels))(student));
    });
  });

  it('ClassId', () => {
    tf.tidy(() => {
      const logits = dense<tf.Rank.R2>(losses('class/logits'));
      const ids = losses('class/ids').values;
      expectClose(classIdLoss(logits, ids).dataSync(), losses('class/sum').values);
      expectClose(classIdLoss(logits, ids, { reduction: 'none' }).dataSync(), losses('class/each').values);
      expectClose(
        tf
          .grad((l) => classIdLoss(l as tf.Tensor2D, ids))(logits)
          .dataSync(),
        losses('class/grad-sum').values,
      );
    });
  });

  it('signed distances', () => {
    tf.tidy(() => {
      const target = dense(losses('sdf/target'));
      const predicted = dense(losses('sdf/predicted'));
      expectClose(sdfLoss(predicted, target).dataSync(), losses('sdf/mse').values);
      expectClose(
        tf
          .grad((p) => sdfLoss(p, target))(predicted)
          .dataSync(),
        losses('sdf/grad').values,
      );
    });
  });

  it('single architecture', () => {
    tf.tidy(() => {
      const students = tf.unstack(dense(losses('single/student'))) as tf.Tensor2D[];
      const targets = tf.unstack(dense(losses('single/target'))) as tf.Tensor2D[];
      expectClose(singleArchitectureLoss(students, targets).dataSync(), losses('single/loss').values);
    });
  });

  it.each([2, 3, 4, 5, 6])('γ schedule of %i architectures', (architectures) => {
    expectClose(gammaSchedule(architectures), losses(`gamma/A${architectures}`).values);
  });
});

describeOnRuntimes('the multi-architecture loss gives the golden values', () => {
  it.each([
    ['A4-0313', 4],
    ['A4-31020', 4],
    ['A3-201', 3],
    ['A2-0101', 2],
    ['A5-402', 5],
    ['A6-05', 6],
  ])('%s', (name, architectures) => {
    tf.tidy(() => {
      const of = (part: string) => interp(`${name}/${part}`);
      const check = (part: string, got: tf.Tensor) => expectClose(got.dataSync(), of(part).values);
      const images = dense<tf.Rank.R2>(interp('images'));
      const stand = {
        classIds: of('class-ids').values,
        architectures,
        teacher: dense<tf.Rank.R2>(interp('teacher')),
        labels: integers(interp('labels')),
        forward: (preps: tf.Tensor3D, ids: readonly number[]) =>
          tf.unstack(preps).map((prep, k) => {
            const weight = tf.slice(prep as tf.Tensor2D, [0, 0], [10, 5]);
            const bias = tf.reshape(tf.slice(prep as tf.Tensor2D, [0, 5], [10, 1]), [1, 10]);
            return tf.mul<tf.Tensor2D>(tf.add(tf.matMul(images, weight, false, true), bias), 1 + 0.5 * ids[k]!);
          }),
      };
      const inputs = (e: tf.Tensor, wc: tf.Tensor, bc: tf.Tensor, wp: tf.Tensor, bp: tf.Tensor) => ({
        ...stand,
        embeddings: e as tf.Tensor2D,
        decode: (x: tf.Tensor2D) => ({
          preps: tf.reshape<tf.Rank.R3>(tf.add(tf.matMul(x, wp as tf.Tensor2D, false, true), bp), [-1, 10, 6]),
          classLogits: tf.add<tf.Tensor2D>(tf.matMul(x, wc, false, true), bc),
        }),
      });
      const weights = [dense(of('embeddings')), dense(of('class-weight')), dense(of('class-bias')), dense(interp('prep-weight'))] as const;
      const bias = dense(interp('prep-bias'));
      const given = inputs(...weights, bias);

      const samples = interpolatedSamples(stand.classIds, architectures);
      expect(samples.flatMap(({ smallest, largest }) => [smallest, largest])).toEqual(of('pairs').values);
      expect(samples.length).toBe(boundaryPairs(stand.classIds, architectures).length * Math.max(0, architectures - 2));

      for (const oneBatch of [true, false]) {
        const loss = multiArchitectureLoss(given, { oneBatch });
        check('class', loss.classId);
        check('kl', loss.distillation);
        check('ce', loss.crossEntropy);
        check('base-total', loss.base);
        check('total', loss.total);
        expect(loss.predictedClassIds).toEqual(of('pred-class').values);
        const between = loss.interpolation!;
        check('gamma-total', between.total);
        check('interpolated', between.samples.embeddings);
        expect(between.samples.targets).toEqual(of('targets').values);
        expectClose(between.samples.gammas, of('gammas').values);
        expect(between.samples.predictedClassIds).toEqual(of('pred-class-interpolated').values);
      }
      const between = interpolationLoss(given);
      check('gamma-class', between.classId);
      check('gamma-kl', between.distillation);
      check('gamma-ce', between.crossEntropy);
      check('gamma-total', between.total);

      const gradients = tf.grads((e, wc, bc, wp, bp) => multiArchitectureLoss(inputs(e, wc, bc, wp, bp)).total)([...weights, bias]);
      ['embeddings', 'class-weight', 'class-bias', 'prep-weight', 'prep-bias'].forEach((part, k) => check(`grad-${part}`, gradients[k]!));
    });
  });
});
