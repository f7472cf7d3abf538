import { instanceFromRawTensors, type InstanceFromTensorsOptions, type RawTensor } from '@netspace/formats';
import { type Architecture, type Instance, NetSpaceError } from '@netspace/prep';

import { isFileName } from '../architectures/architectures-in.js';
import { agreedOmega, omegaOf, sirenOf, type SirenOptions } from './siren-of.js';
import { sirenOfRow } from './siren-of-row.js';

/** A network from tensors that were found: of the architecture that was named, or of a SIREN that fits. */
export function networkOf(
  tensors: ReadonlyMap<string, RawTensor>,
  {
    architecture,
    omega,
    outputShift,
    reading,
  }: SirenOptions & { readonly architecture: Architecture | undefined; readonly reading: InstanceFromTensorsOptions },
): { readonly instance: Instance; readonly said?: string } {
  const isNamed = architecture !== undefined && omegaOf(architecture) !== undefined;
  const ofGraph = architecture !== undefined && isFileName(architecture.name); // names of tensors say nothing then
  const asSiren =
    sirenOfRow(tensors, architecture, { omega, outputShift }) ??
    (ofGraph ? undefined : sirenOf(tensors, { omega: isNamed ? agreedOmega(omega, architecture) : omega, outputShift }));
  if (asSiren !== undefined && (architecture === undefined || architecture.name === asSiren.architecture.name)) {
    return { instance: instanceFromRawTensors(asSiren.architecture, asSiren.tensors), said: asSiren.said };
  }
  if (architecture === undefined) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `zoo import: expected --architecture for networks that are no SIRENs by their names, got none; their tensors are ${[...tensors.keys()].slice(0, 4).join(', ')} …`,
    );
  }
  if (outputShift !== undefined || omega !== undefined) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `zoo import: expected --omega and --output-shift only for SIRENs that are told by their names, got ${architecture.name}; leave them out`,
    );
  }
  return { instance: instanceFromRawTensors(architecture, tensors, reading) };
}
