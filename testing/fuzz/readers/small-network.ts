import { initialize, lenetLike } from '@netspace/zoo';

const architecture = lenetLike({ channels: 1, size: 28, width: 0.1 });

/** A network whose weights are those of a seed. */
export const instanceOf = (seed: number) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) });
