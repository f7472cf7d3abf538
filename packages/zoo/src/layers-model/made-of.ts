import type { Architecture } from '@netspace/prep';

import type { Plan } from './plan.js';

/** By the parameters of architectures: they stay the same when somebody copies or renames an architecture. */
const plans = new WeakMap<Architecture['parameters'], Plan>();

export const rememberPlan = (parameters: Architecture['parameters'], plan: Plan): void => void plans.set(parameters, plan);

/** How the model of an architecture runs, if `architectureFromLayersModel` made it. */
export const planOf = ({ parameters }: Pick<Architecture, 'parameters'>): Plan | undefined => plans.get(parameters);
