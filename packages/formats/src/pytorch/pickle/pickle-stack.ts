import { corruptFile } from '../limits.js';
import type { PickleMachine, PickleValue } from './pickle-values.js';

/** The value on top, which stays. */
export const top = ({ stack, marks }: PickleMachine): PickleValue => {
  const value = stack.length > (marks.at(-1) ?? 0) ? stack.at(-1) : undefined;
  if (value === undefined) throw corruptFile('expected a value on the stack of data.pkl, got none');
  return value;
};

export const pop = (machine: PickleMachine): PickleValue => {
  const value = top(machine);
  machine.stack.pop();
  return value;
};

/** The topmost values, in the order in which they were pushed. */
export const popMany = (machine: PickleMachine, count: number): PickleValue[] =>
  Array.from({ length: count }, () => pop(machine)).reverse();

export const popToMark = ({ stack, marks }: PickleMachine): PickleValue[] => {
  const mark = marks.pop();
  if (mark === undefined) throw corruptFile('expected a mark on the stack of data.pkl, got none');
  return stack.splice(mark);
};
