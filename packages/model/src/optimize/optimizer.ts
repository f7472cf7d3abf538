import * as tf from '@tensorflow/tfjs-core';

import { NetSpaceError } from '@netspace/prep';
import { choose, functionOf } from '@netspace/prep/internal';

import type { NamedTensors } from '../weights/named-tensors.js';
import { type LearningRate, learningRateOption, type Schedule, scheduleFrom } from './learning-rate.js';

/** Moves variables against their gradients, and holds the state that its rule keeps between steps. */
export interface Optimizer {
  /** Steps taken so far; the next one uses the learning rate at this index. */
  readonly step: number;
  /** The learning rate that the next step will use. */
  readonly learningRate: number;
  /**
   * Takes one step: assigns every variable its new value. No value travels to the host.
   *
   * @throws NetSpaceError `SHAPE_MISMATCH` if a variable has no gradient or one of another shape
   */
  apply(variables: Readonly<Record<string, tf.Variable>>, gradients: NamedTensors): void;
  /** The state from which `restore` continues bit-exactly; the caller disposes of the tensors. */
  state(): Record<string, tf.Tensor>;
  /**
   * Continues from a state that `state` returned. The tensors are copied and stay the caller's.
   *
   * @param variables the variables that it moves. After the first step the state must have slots for every one of them, of its shape
   * @throws NetSpaceError `CORRUPT_FILE` if it is not a state of this kind of optimizer, or not of these variables; the optimizer then
   * stays unchanged
   */
  restore(state: NamedTensors, variables?: NamedTensors): Promise<void>;
  /** Frees the state's tensors. */
  dispose(): void;
}

/** The learning rate of an optimizer: plain data, or any function of the step. */
export const rateOrFunction = choose('a positive number, a schedule or a function', (given) =>
  typeof given === 'function' ? functionOf<Schedule>() : learningRateOption,
);

/** A number of an update rule: one for the whole value, or one for each of its rows. */
export type RowNumber = number | readonly number[];

/**
 * Computes with such numbers in double precision, and gives what multiplies a value: a number, or a column with one number for each row.
 *
 * @returns a number, or `[rows, 1]`
 */
export const overRows = (given: RowNumber, compute: (one: number) => number): number | tf.Tensor2D =>
  typeof given === 'number' ? compute(given) : tf.tensor2d(given.map(compute), [given.length, 1]);

/** One update rule: how a value and its slots (momentum and the like) move. Runs inside `tf.tidy`. */
export interface UpdateRule {
  /** The names of the values that are kept for each variable, e.g. `['first', 'second']`. */
  readonly slots: readonly string[];
  /**
   * @param slots one tensor per slot, or undefined at a variable's first step
   * @param step index of this step, from 0
   */
  update(args: {
    readonly value: tf.Tensor;
    readonly gradient: tf.Tensor;
    readonly slots: readonly tf.Tensor[] | undefined;
    readonly step: number;
    /** One, or one for each row of a value `[rows, columns]`. */
    readonly learningRate: RowNumber;
  }): { readonly value: tf.Tensor; readonly slots: readonly tf.Tensor[] };
}

/** An optimizer from its update rule: bookkeeping of slots, state and memory, the same for every rule. */
export function optimizerFrom(name: string, rule: UpdateRule, rate: LearningRate | Schedule): Optimizer {
  const schedule = typeof rate === 'function' ? rate : scheduleFrom(rate);
  const slots = new Map<string, readonly tf.Tensor[]>();
  let step = 0;
  const replaceSlots = (key: string, next: readonly tf.Tensor[]) => {
    tf.dispose([...(slots.get(key) ?? [])]);
    slots.set(key, next.map(keepOwn));
  };
  return {
    get step() {
      return step;
    },
    get learningRate() {
      return schedule(step);
    },
    apply(variables, gradients) {
      for (const [key, variable] of Object.entries(variables)) checkGradient(name, key, variable, gradients[key]);
      const learningRate = schedule(step);
      for (const [key, variable] of Object.entries(variables)) {
        const gradient = gradients[key];
        if (gradient === undefined) continue; // refused above
        tf.tidy(() => {
          const next = rule.update({ value: variable, gradient, slots: slots.get(key), step, learningRate });
          replaceSlots(key, next.slots);
          variable.assign(next.value);
        });
      }
      step++;
    },
    state() {
      const state: Record<string, tf.Tensor> = { step: tf.scalar(step, 'int32') };
      for (const [key, tensors] of slots) tensors.forEach((tensor, i) => (state[`${rule.slots[i]}/${key}`] = tensor.clone()));
      return state;
    },
    async restore(state, variables) {
      const loaded = readState(name, rule.slots, state);
      const taken = await stepOf(name, loaded.step);
      if (variables !== undefined) checkSlots(name, rule.slots, loaded.slots, { variables, step: taken });
      step = taken;
      for (const key of [...slots.keys()]) {
        tf.dispose([...(slots.get(key) ?? [])]);
        slots.delete(key);
      }
      for (const [key, tensors] of loaded.slots) replaceSlots(key, tensors);
    },
    dispose() {
      for (const tensors of slots.values()) tf.dispose([...tensors]);
      slots.clear();
    },
  };
}

/** A second handle on a tensor's data, which outlives any tidy. */
const keepOwn = (tensor: tf.Tensor): tf.Tensor => tf.keep(tensor.clone());

function checkGradient(name: string, key: string, variable: tf.Variable, gradient: tf.Tensor | undefined): void {
  if (gradient === undefined) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${name}: no gradient for variable '${key}'; pass one per variable or leave the variable out`,
    );
  }
  if (!tf.util.arraysEqual(gradient.shape, variable.shape)) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${name}: variable '${key}' is [${variable.shape}] but its gradient is [${gradient.shape}]; the shapes must agree`,
    );
  }
}

function readState(name: string, slotNames: readonly string[], state: NamedTensors) {
  const { step: stepTensor, ...rest } = state;
  if (stepTensor === undefined) throw corruptState(name, "it has no 'step'");
  const slots = new Map<string, tf.Tensor[]>();
  for (const [path, tensor] of Object.entries(rest)) {
    const slash = path.indexOf('/');
    const index = slotNames.indexOf(path.slice(0, Math.max(0, slash)));
    if (index < 0) throw corruptState(name, `'${path}' is not one of its slots (${slotNames.join(', ')})`);
    const key = path.slice(slash + 1);
    const tensors = slots.get(key) ?? [];
    tensors[index] = tensor;
    slots.set(key, tensors);
  }
  for (const [key, tensors] of slots) {
    const missing = slotNames.find((_, i) => tensors[i] === undefined);
    if (missing !== undefined) throw corruptState(name, `'${missing}/${key}' is missing`);
  }
  return { step: stepTensor, slots };
}

async function stepOf(name: string, tensor: tf.Tensor): Promise<number> {
  const [step] = tensor.dtype === 'int32' && tensor.size === 1 ? await tensor.data() : [];
  if (step === undefined || step < 0) throw corruptState(name, `its step is ${step ?? `${tensor.dtype} [${tensor.shape}]`}`);
  return step;
}

function checkSlots(
  name: string,
  slotNames: readonly string[],
  slots: ReadonlyMap<string, readonly tf.Tensor[]>,
  { variables, step }: { readonly variables: NamedTensors; readonly step: number },
): void {
  const unknown = [...slots.keys()].find((key) => variables[key] === undefined);
  if (unknown !== undefined) throw corruptState(name, `there is no variable '${unknown}'`);
  for (const [key, { shape }] of Object.entries(variables)) {
    const own = slots.get(key);
    if (own === undefined && step > 0 && slotNames.length > 0) throw corruptState(name, `'${slotNames[0]}/${key}' is missing`);
    for (const [i, slot] of (own ?? []).entries()) {
      if (slot.dtype === 'float32' && tf.util.arraysEqual(slot.shape, shape)) continue;
      throw corruptState(name, `'${slotNames[i]}/${key}' is ${slot.dtype} [${slot.shape}], its variable [${shape}]`);
    }
  }
}

const corruptState = (name: string, what: string) =>
  new NetSpaceError('CORRUPT_FILE', `${name}.restore: not a state of this optimizer: ${what}; pass what state() gave`);
