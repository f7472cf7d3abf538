import type { RawTensor } from './raw-tensor.js';

/** A file's tensors by name, and how the file groups them. */
export interface CheckpointTensors extends ReadonlyMap<string, RawTensor> {
  /** The name of the dict or module that holds each tensor, empty for the outermost one. The tensors of one network share a holder. */
  readonly containers: ReadonlyMap<string, string>;
  /** Tensors that cannot be read, by name, with a description of each. Only a network that needs one is refused. */
  readonly leftAside: ReadonlyMap<string, string>;
}

type Structure = Pick<CheckpointTensors, 'containers' | 'leftAside'>;

export const withStructure = (tensors: Map<string, RawTensor>, structure: Structure): CheckpointTensors =>
  Object.assign(tensors, structure);

/** The tensors of a file, or of the caller's own map, with what is known about their groups. */
export function structureOf(tensors: ReadonlyMap<string, RawTensor>): Structure {
  const { containers = new Map<string, string>(), leftAside = new Map<string, string>() } = tensors as Partial<Structure>;
  return { containers, leftAside };
}
