import { NetSpaceError } from '@netspace/prep';
import { show } from '@netspace/prep/internal';

/** Checks that an option is an integer in a range. */
export function checkInteger(caller: string, name: string, value: number, least: number, most: number): void {
  if (!(Number.isInteger(value) && value >= least && value <= most)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${caller}: expected ${name} as an integer from ${least} to ${most}, got ${show(value)}; choose one`,
    );
  }
}

/** Checks that an option is a number in a range. */
export function checkNumber(caller: string, name: string, value: number, least: number, most: number): void {
  if (!(typeof value === 'number' && value >= least && value <= most)) {
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected ${name} from ${least} to ${most}, got ${show(value)}; choose one`);
  }
}
