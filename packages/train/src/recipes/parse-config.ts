import { NetSpaceError } from '@netspace/prep';
import type { z } from 'zod';

/**
 * Checks plain data against a schema.
 *
 * @param what where the data came from, for the message: a file's path or a caller
 * @throws NetSpaceError `INVALID_OPTION` with each key that is wrong, and why
 */
export function parseConfig<T extends z.ZodType>(what: string, schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }) => `${path.length === 0 ? 'the whole' : path.map(String).join('.')}: ${message}`,
  );
  throw new NetSpaceError('INVALID_OPTION', `${what}: ${problems.join('; ')}`);
}
