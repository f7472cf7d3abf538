import type { Architecture } from '@netspace/prep';

/** Whether a network of it computes: of a tf.LayersModel that the folder does not hold only the parameters are known. */
export const isRunnable = ({ purpose }: Architecture): boolean => purpose !== undefined;
