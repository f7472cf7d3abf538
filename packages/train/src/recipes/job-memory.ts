import { type Architecture, parameterCount } from '@netspace/prep';
import { activationCount } from '@netspace/zoo/internal';

const BYTES = 4;

/** Of a process that has not begun to train: Node, a runtime and its library. */
export const PROCESS = 544 * 2 ** 20;

/**
 * How many copies of what its layers give, and of its parameters, a network in training has at its highest: values, what the layers lay out anew,
 * gradients, the optimizer's. `npm run bench -- --set zoos` measures 6 to 10 copies of the first on `tensorflow`.
 */
const COPIES = { activations: 12, parameters: 8 } as const;

/** What decides how much memory a training takes. */
export interface TrainingSize {
  readonly architecture: Architecture;
  /** Inputs of a network per step. */
  readonly batchSize: number;
  /** What all networks of a job learn from. */
  readonly data: readonly ArrayBufferView[];
  /** Bytes of what each network alone learns from. */
  readonly own?: number;
}

/** Bytes of a job, by an estimate: those of a job without a network, and those of each network. */
export interface JobMemory {
  readonly fixed: number;
  readonly each: number;
}

/**
 * Estimates what a training takes at its highest. It depends on sizes alone, so that all machines get the same.
 *
 * @returns undefined for an architecture whose layers are unknown, such as that of an ONNX file
 */
export function jobMemory({ architecture, batchSize, data, own = 0 }: TrainingSize): JobMemory | undefined {
  const activations = activationCount(architecture);
  if (activations === undefined) return undefined;
  const numbers = COPIES.activations * batchSize * activations + COPIES.parameters * parameterCount(architecture.parameters);
  return { fixed: PROCESS + data.reduce((sum, { byteLength }) => sum + byteLength, 0), each: BYTES * numbers + own };
}

/** Of a job of some networks. */
export const memoryOf = (memory: JobMemory | undefined, networks: number): number | undefined =>
  memory && memory.fixed + networks * memory.each;

/**
 * Bytes of a job that runs networks one after the other and trains none: at most those of a training on as many inputs at once, which also keeps gradients.
 *
 * @param own bytes of what the job has besides them and the data
 * @returns undefined if the layers of one are unknown
 */
export function runningMemory(
  architectures: readonly Architecture[],
  { batchSize, data, own = 0 }: Omit<TrainingSize, 'architecture'>,
): number | undefined {
  const each = architectures.map((architecture) => jobMemory({ architecture, batchSize, data, own }));
  const known = each.filter((one) => one !== undefined);
  return known.length < each.length ? undefined : Math.max(...known.map((one) => memoryOf(one, 1)!));
}
