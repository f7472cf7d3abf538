import {
  classIdLoss,
  crossEntropyLoss,
  distillationLoss,
  gammaSchedule,
  knowledgeDistillationLoss,
  sdfLoss,
  singleArchitectureLoss,
} from '@netspace/losses';
import * as tf from '@tensorflow/tfjs-core';

import type { Checks } from '../checks.js';
import type { GoldenFile } from '../golden-file.js';
import type { Group } from '../group.js';

/** Every loss in closed form; a set is recognized by its tensors. */
export const losses: Group = ({ file, checks }) => {
  for (const set of new Set(file.names.map((name) => name.slice(0, name.lastIndexOf('/'))))) {
    const has = (...parts: string[]): boolean => parts.every((part) => file.has(`${set}/${part}`));
    checks.section(set, () => {
      if (set === 'gamma') gamma(file, checks);
      else if (has('student', 'teacher', 'labels')) distillation(file, checks, set);
      else if (has('student', 'target')) singleArchitecture(file, checks, set);
      else if (has('logits', 'ids')) classId(file, checks, set);
      else if (has('predicted', 'target')) signedDistances(file, checks, set);
    });
  }
};

function distillation(file: GoldenFile, checks: Checks, set: string): void {
  const student = file.tensor<tf.Rank.R2>(`${set}/student`);
  const teacher = file.tensor<tf.Rank.R2>(`${set}/teacher`);
  const labels = tf.tensor1d(file.numbers(`${set}/labels`), 'int32');
  const plain = { squaredTemperature: false };
  for (const name of file.names.filter((candidate) => candidate.startsWith(`${set}/`))) {
    const part = name.slice(set.length + 1);
    const kl = /^kl-t([\d.]+)(-no-t2)?(-swapped)?$/.exec(part);
    if (kl !== null) {
      const options = { temperature: Number(kl[1]), squaredTemperature: kl[2] === undefined };
      checks.expect(name, kl[3] === undefined ? distillationLoss(student, teacher, options) : distillationLoss(teacher, student, options));
    } else if (part === 'ce') checks.expect(name, crossEntropyLoss(student, labels));
    else if (part === 'kd') checks.expect(name, knowledgeDistillationLoss(student, teacher, labels));
    else if (part === 'kd-no-t2') checks.expect(name, knowledgeDistillationLoss(student, teacher, labels, plain));
    else if (part === 'grad-kd') {
      checks.expect(name, tf.grad((s) => knowledgeDistillationLoss(s as tf.Tensor2D, teacher, labels))(student));
    }
  }
}

function singleArchitecture(file: GoldenFile, checks: Checks, set: string): void {
  const students = tf.unstack(file.tensor(`${set}/student`)) as tf.Tensor2D[];
  const targets = tf.unstack(file.tensor(`${set}/target`)) as tf.Tensor2D[];
  checks.expect(`${set}/loss`, singleArchitectureLoss(students, targets));
}

function classId(file: GoldenFile, checks: Checks, set: string): void {
  const logits = file.tensor<tf.Rank.R2>(`${set}/logits`);
  const ids = file.numbers(`${set}/ids`);
  checks.expect(`${set}/each`, classIdLoss(logits, ids, { reduction: 'none' }));
  checks.expect(`${set}/sum`, classIdLoss(logits, ids));
  checks.expect(`${set}/grad-sum`, tf.grad((l) => classIdLoss(l as tf.Tensor2D, ids))(logits));
}

function signedDistances(file: GoldenFile, checks: Checks, set: string): void {
  const predicted = file.tensor(`${set}/predicted`);
  const target = file.tensor(`${set}/target`);
  checks.expect(`${set}/mse`, sdfLoss(predicted, target));
  checks.expect(`${set}/grad`, tf.grad((p) => sdfLoss(p, target))(predicted));
}

function gamma(file: GoldenFile, checks: Checks): void {
  for (const name of file.names) {
    const architectures = /^gamma\/A(\d+)$/.exec(name)?.[1];
    if (architectures !== undefined) checks.expect(name, gammaSchedule(Number(architectures)));
  }
}
