import { type Architecture, NetSpaceError } from '@netspace/prep';
import type { Dataset } from '@netspace/zoo';
import { checkInputs, inputsOf } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

import { shuffledBatches } from '../batches/batches.js';
import { type Random, randomAt } from '../batches/random.js';
import type { InputGenerator, OutputsTask } from './outputs-task-options.js';
import type { TaskContext } from './train-task.js';

/** Half the side of the cube in which coordinates are drawn, unless a task says otherwise. */
export const FIELD_BOUNDS = { rgb: 1, occupancy: 0.6 } as const;

/** See {@link givenInputs}. */
export interface GivenInputs {
  /** The inputs of a step and, if they are of a data set, which. */
  of(step: number): { readonly indices: ArrayLike<number>; readonly x: tf.Tensor };
  /** One input. */
  example(): tf.Tensor;
  readonly description: Readonly<Record<string, unknown>>;
}

/** Where the inputs of a task come from: a data set, a generator, or random coordinates. */
export function givenInputs(task: OutputsTask, { space, inputs, seed }: TaskContext): GivenInputs {
  const { dataset } = task;
  if (typeof dataset === 'function') {
    refuseDrawing(task, { name: 'a generator' });
    const of = (step: number): tf.Tensor => generated(dataset, step, inputs);
    return {
      of: (step) => ({ indices: [], x: of(step) }),
      example: () => tf.tidy(() => tf.slice(of(0), 0, 1)),
      description: { dataset: 'generator' },
    };
  }
  if (dataset !== undefined) {
    refuseDrawing(task, dataset);
    for (const architecture of space.architectures) checkInputs('trainNetSpace', architecture, dataset);
    const named = { caller: 'trainNetSpace', option: 'batch.inputs' };
    const batches = shuffledBatches({ count: dataset.count, size: inputs, seed, stream: 'images', ...named });
    return {
      of(step) {
        const indices = batches(step);
        return { indices, x: inputsOf(dataset, indices) };
      },
      example: () => inputsOf(dataset, [0]),
      description: { dataset: dataset.name, inputs: dataset.count },
    };
  }
  if (task.kind === 'regression') throw new Error('a regression task has a data set');
  const { kind, bounds = FIELD_BOUNDS[kind], coordinates = coordinatesOf('trainNetSpace', space.architectures) } = task;
  return {
    of: (step) => ({
      indices: [],
      x: tf.tensor2d(coordinatesAt(randomAt(seed, 'points', step), inputs, { bounds, coordinates }), [inputs, coordinates]),
    }),
    example: () => tf.zeros([1, coordinates]),
    description: { bounds, coordinates },
  };
}

/** Inputs of a generator, of which there must be as many as were asked for. */
function generated(generator: InputGenerator, step: number, count: number): tf.Tensor {
  const x = generator(step, count);
  if (x instanceof tf.Tensor && x.shape[0] === count) return x;
  const got = x instanceof tf.Tensor ? `[${x.shape}]` : typeof x;
  throw new NetSpaceError('SHAPE_MISMATCH', `trainNetSpace: expected ${count} inputs of the generator for step ${step}, [${count}, …], got ${got}; it is called as (step, count), and gives a tensor`); // prettier-ignore
}

function refuseDrawing(task: OutputsTask, { name }: Pick<Dataset, 'name'>): void {
  if (task.kind === 'regression') return;
  const key = (['bounds', 'coordinates'] as const).find((one) => task[one] !== undefined);
  if (key === undefined) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `trainNetSpace: expected no task.${key} with the coordinates of ${name}, got ${task[key]}; leave it out`,
  );
}

/** Random points in the cube of ±bounds, `number · coordinates` numbers. */
export const coordinatesAt = (
  random: Random,
  number: number,
  { bounds, coordinates }: { readonly bounds: number; readonly coordinates: number },
): Float32Array => Float32Array.from({ length: number * coordinates }, () => random.uniform(-bounds, bounds));

/**
 * How many coordinates networks take: as their inputs say, or as the first weight of a network of linear layers has inputs.
 *
 * @throws NetSpaceError `INVALID_OPTION` if they do not say so, or do not agree
 */
export function coordinatesOf(caller: string, architectures: readonly Architecture[]): number {
  const found = new Set(
    architectures.map(({ inputs, parameters }) => {
      const shape =
        inputs === undefined ? [null, parameters[0]?.shape.length === 2 ? parameters[0].shape[1]! : null] : (inputs[0]?.shape ?? []);
      return shape.length === 2 ? shape[1] : null;
    }),
  );
  const [coordinates] = found;
  if (found.size === 1 && typeof coordinates === 'number') return coordinates;
  const names = architectures.map(({ name }) => name).join(', ');
  throw new NetSpaceError('INVALID_OPTION', `${caller}: expected networks of coordinates, [N, 2] or such, got ${names}, which do not say how many; give coordinates, or data`); // prettier-ignore
}
