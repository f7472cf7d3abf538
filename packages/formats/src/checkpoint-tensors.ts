import type { RawTensor } from './raw-tensor.js';

/** A file's tensors by name, with what the file says of them besides. */
export interface CheckpointTensors extends ReadonlyMap<string, RawTensor> {
  /** For each tensor the name of the dict or module that holds it, empty for the outermost: what lies together is one network. */
  readonly containers: ReadonlyMap<string, string>;
  /** Tensors that cannot be read, by name, and what each is; nobody misses them until a network needs one. */
  readonly leftAside: ReadonlyMap<string, string>;
}

type Structure = Pick<CheckpointTensors, 'containers' | 'leftAside'>;

export const withStructure = (tensors: Map<string, RawTensor>, structure: Structure): CheckpointTensors =>
  Object.assign(tensors, structure);

/** What is known of tensors that may come from a file or from the caller's own map. */
export function structureOf(tensors: ReadonlyMap<string, RawTensor>): Structure {
  const { containers = new Map<string, string>(), leftAside = new Map<string, string>() } = tensors as Partial<Structure>;
  return { containers, leftAside };
}
