import { NetSpaceError } from '@netspace/prep';
import { show } from '@netspace/prep/internal';

/** Readers of single values of a file from an untrusted source. */

export const corrupt = (where: string, expected: string, got: unknown): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `NetSpace.load: expected ${where} to be ${expected}, got ${show(got)}; save the space again`);

export function object(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw corrupt(where, 'an object', value);
  return value as Readonly<Record<string, unknown>>;
}

export function list(value: unknown, where: string, limit: number): readonly unknown[] {
  if (!Array.isArray(value)) throw corrupt(where, 'a list', value);
  if (value.length > limit) throw exceeded(where, `${limit} entries`, value.length);
  return value;
}

export function text(value: unknown, where: string, limit: number): string {
  if (typeof value !== 'string' || value === '') throw corrupt(where, 'a name', value);
  if (value.length > limit) throw exceeded(where, `${limit} characters`, value.length);
  return value;
}

export function integer(value: unknown, where: string, limit: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw corrupt(where, 'an integer from 0 up', value);
  if (value > limit) throw exceeded(where, String(limit), value);
  return value;
}

export const exceeded = (where: string, limit: string, got: number): NetSpaceError =>
  new NetSpaceError(
    'LIMIT_EXCEEDED',
    `NetSpace.load: expected ${where} to be at most ${limit}, got ${got}; raise the option limits if you trust the file`,
  );
