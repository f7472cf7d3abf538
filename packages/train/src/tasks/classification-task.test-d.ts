import type { Instance } from '@netspace/prep';
import type { ImageDataset } from '@netspace/zoo';
import { describe, expectTypeOf, it } from 'vitest';

import type { TrainTask } from '../train-net-space-options.js';
import type { ClassificationTask, LabelsTask, TargetsTask, TeacherTask } from './classification-task.js';

declare const dataset: ImageDataset;
declare const instance: Instance;

const task = { kind: 'classification', dataset } as const;
const labels = { ...task, teacher: 'labels' } as const;
const taught = { ...task, teacher: instance };

describe('ClassificationTask', () => {
  it('has targets, a network or labels as its teacher', () => {
    expectTypeOf(task).toExtend<TargetsTask>();
    expectTypeOf({ ...task, teacher: 'targets' } as const).toExtend<TargetsTask>();
    expectTypeOf(taught).toExtend<TeacherTask>();
    expectTypeOf(labels).toExtend<LabelsTask>();
    expectTypeOf<TargetsTask | TeacherTask | LabelsTask>().toEqualTypeOf<ClassificationTask>();
    expectTypeOf<ClassificationTask>().toExtend<TrainTask>();
  });
  it('is told apart by its teacher', () => {
    expectTypeOf(task).not.toExtend<TeacherTask | LabelsTask>();
    expectTypeOf(taught).not.toExtend<TargetsTask | LabelsTask>();
    expectTypeOf(labels).not.toExtend<TargetsTask | TeacherTask>();
    expectTypeOf({ ...task, teacher: 'students' } as const).not.toExtend<ClassificationTask>();
  });
  it('takes the options of imitation with targets only', () => {
    expectTypeOf({ ...task, relative: 0.5, accuracyGap: 1 }).toExtend<ClassificationTask>();
    expectTypeOf({ ...taught, relative: 0.5 }).not.toExtend<ClassificationTask>();
    expectTypeOf({ ...taught, accuracyGap: 1 }).not.toExtend<ClassificationTask>();
    expectTypeOf({ ...labels, relative: 0.5 }).not.toExtend<ClassificationTask>();
  });
  it('takes the options of distillation if some network is imitated', () => {
    expectTypeOf({ ...task, alpha: 0.5, temperature: 2, squaredTemperature: false }).toExtend<ClassificationTask>();
    expectTypeOf({ ...taught, alpha: 0.5, temperature: 2 }).toExtend<ClassificationTask>();
    expectTypeOf({ ...labels, alpha: 0.5 }).not.toExtend<ClassificationTask>();
    expectTypeOf({ ...labels, temperature: 2 }).not.toExtend<ClassificationTask>();
    expectTypeOf({ ...labels, cacheTargets: true }).not.toExtend<ClassificationTask>();
  });
  it('needs its kind and a data set', () => {
    expectTypeOf({ kind: 'classification' } as const).not.toExtend<ClassificationTask>();
    expectTypeOf({ dataset }).not.toExtend<ClassificationTask>();
    expectTypeOf({ kind: 'segmentation', dataset } as const).not.toExtend<TrainTask>();
  });
  it('takes no misspelled option', () => {
    // @ts-expect-error temperature
    const misspelled: ClassificationTask = { ...task, temprature: 2 };
    expectTypeOf(misspelled).toExtend<ClassificationTask>();
  });
});
