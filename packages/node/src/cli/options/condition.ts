import type { InstanceRecord } from '@netspace/zoo';
import { InvalidArgumentError } from 'commander';

import { numberOption } from './number-option.js';

/** What a network has to be like to be taken. */
export interface Condition {
  readonly text: string;
  /** Whether a network has the number at all. */
  has(record: InstanceRecord): boolean;
  holds(record: InstanceRecord): boolean;
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '!=': (a, b) => a !== b,
  '=': (a, b) => a === b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
};
const FACTS = ['epochs', 'seed', 'parameterCount', 'classId'] as const;

/** Reads a condition, such as `testAccuracy>=0.8` or `epochs<10`, and puts it behind those before. */
export function conditionOption(text: string, before: readonly Condition[] = []): readonly Condition[] {
  const sign = Object.keys(COMPARISONS).find((one) => text.includes(one));
  const at = sign === undefined ? -1 : text.indexOf(sign);
  const name = text.slice(0, Math.max(at, 0)).trim();
  if (sign === undefined || name === '') {
    throw new InvalidArgumentError(
      `expected a number's name, one of ${Object.keys(COMPARISONS).join(' ')}, and a number, got '${text.slice(0, 40)}'`,
    );
  }
  const wanted = numberOption(text.slice(at + sign.length));
  const fact = FACTS.find((one) => one === name);
  const valueOf = (record: InstanceRecord): number | undefined => (fact === undefined ? record.metrics[name] : record[fact]);
  return [
    ...before,
    {
      text,
      has: (record) => valueOf(record) !== undefined,
      holds(record) {
        const value = valueOf(record);
        return value !== undefined && COMPARISONS[sign]!(value, wanted);
      },
    },
  ];
}
