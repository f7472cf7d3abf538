import { NetSpaceError } from '@netspace/prep';

/** Of an architecture whose operations are not those of the run in which its layers were found. */
export const otherCourse = (caller: string, name: string): NetSpaceError =>
  new NetSpaceError(
    'UNSUPPORTED',
    `${caller}: expected ${name} to run the same operations on every call, got others; let it decide nothing by its numbers, or align by weights`,
  );
