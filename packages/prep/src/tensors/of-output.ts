import type { Architecture, Instance } from '../architecture.js';
import { NetSpaceError } from '../errors.js';
import { withJoinedInputs } from './joined-inputs.js';

/**
 * An architecture whose `apply` gives one output, of those that it has, by name, and takes several inputs side by side; see `joinInputs`.
 *
 * @param output must be named if there are several
 * @throws NetSpaceError `INVALID_OPTION` if there are several and none is named, `NOT_FOUND` if none has the name; with the names to choose from
 */
export function ofOutput(caller: string, architecture: Architecture, output: string | undefined): Architecture {
  const { name, inputs = [], outputs = [] } = architecture;
  const names = outputs.map((end) => end.name).join(', ');
  if (output === undefined) {
    if (outputs.length <= 1) return withJoinedInputs(architecture);
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected the name of the output that is compared (output), because ${name} has ${outputs.length}, got none; choose one of ${names}`); // prettier-ignore
  }
  const chosen = outputs.find((end) => end.name === output);
  if (chosen === undefined) {
    const words = names === '' ? 'its only output has no name: leave output out' : `choose one of ${names}`;
    throw new NetSpaceError('NOT_FOUND', `${caller}: expected an output of ${name}, got ${output}; ${words}`);
  }
  if (outputs.length === 1) return withJoinedInputs(architecture);
  if (inputs.length > 1) return withJoinedInputs({ ...architecture, outputs: [chosen] });
  const { purpose, parameters: specs, batchNorms } = architecture;
  return {
    ...{ name, parameters: specs, inputs, outputs: [chosen] }, // without applyMany, which gives the first output
    ...(purpose !== undefined && { purpose }),
    ...(batchNorms !== undefined && { batchNorms }),
    apply(parameters, x) {
      const [input] = inputs;
      if (input === undefined) return architecture.apply(parameters, x); // which says so
      const all = { ...architecture.applyNamed!(parameters, { [input.name]: x }) };
      for (const [key, tensor] of Object.entries(all)) if (key !== output) tensor.dispose();
      return all[output]!;
    },
  };
}

/** A network whose architecture gives one output; see {@link ofOutput}. */
export const instanceOfOutput = (caller: string, { architecture, parameters }: Instance, output: string | undefined): Instance => ({
  architecture: ofOutput(caller, architecture, output),
  parameters,
});

/**
 * Refuses an architecture of several outputs, for a caller that has no option to name one.
 *
 * @param remedy what to do instead
 * @throws NetSpaceError `UNSUPPORTED`, with the names of its outputs
 */
export function refuseSeveralOutputs(caller: string, { name, outputs = [] }: Architecture, remedy: string): void {
  if (outputs.length <= 1) return;
  const names = outputs.map((end) => end.name).join(', ');
  throw new NetSpaceError('UNSUPPORTED', `${caller}: expected a network of one output, got ${name}, which has ${outputs.length} (${names}); ${remedy}`); // prettier-ignore
}

/** An architecture whose `apply` computes all outputs: what leaves the first as it is need not leave the others. For those who look at what runs. */
export function withAllOutputs(architecture: Architecture): Architecture {
  const { inputs = [], outputs = [] } = architecture;
  const [input] = inputs;
  if (outputs.length <= 1 || inputs.length !== 1 || input === undefined || architecture.applyNamed === undefined) return architecture;
  return { ...architecture, apply: (parameters, x) => Object.values(architecture.applyNamed!(parameters, { [input.name]: x })) as never };
}
