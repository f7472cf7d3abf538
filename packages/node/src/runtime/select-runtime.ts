import { NetSpaceError } from '@netspace/prep';
import { refuseUnknown } from '@netspace/prep/internal';

import { registerFileHandler } from '../files/file-handler.js';
import { candidates } from './candidates.js';
import {
  isRuntimeName,
  RUNTIME_NAMES,
  unusable,
  type RuntimeCandidate,
  type RuntimeFacts,
  type RuntimeName,
  type RuntimeProblem,
  type RuntimeStart,
} from './runtime.js';

export interface SelectRuntimeOptions {
  /**
   * Use exactly this one; wins over the environment variable `NETSPACE_RUNTIME`.
   *
   * @default the fastest that works
   */
  readonly prefer?: RuntimeName | undefined;
}

export interface RejectedRuntime extends RuntimeProblem {
  readonly name: RuntimeName;
}

export interface SelectedRuntime extends RuntimeFacts {
  readonly name: RuntimeName;
  /** The reason for this runtime. */
  readonly reason: string;
  /** The faster runtimes, with the reason why each was not taken. */
  readonly rejected: readonly RejectedRuntime[];
}

/**
 * Makes the fastest runtime that works here the current TensorFlow.js backend, with our kernels for it.
 *
 * It tries `tensorflow-gpu`, `tensorflow`, `webgpu`, `wasm` and `cpu`, in this order. It prints nothing and measures nothing (`doctor`
 * does). From then on `file://` URLs work (`registerFileHandler`). It may be called again to change the runtime.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the asked-for runtime is unknown, `UNAVAILABLE` if it does not work here
 * @example
 * ```ts
 * import { selectRuntime } from '@netspace/node';
 *
 * const { name } = await selectRuntime({ prefer: 'wasm' });
 * console.log(name); // wasm
 * ```
 */
export async function selectRuntime(options: SelectRuntimeOptions = {}): Promise<SelectedRuntime> {
  refuseUnknown('selectRuntime', options, ['prefer']); // `prefer` is checked below, like NETSPACE_RUNTIME
  const { prefer } = options;
  registerFileHandler();
  const wish =
    prefer === undefined
      ? { value: process.env['NETSPACE_RUNTIME'] ?? '', by: 'NETSPACE_RUNTIME' }
      : { value: prefer, by: "option 'prefer'" };
  if (wish.value !== '') return startForced(wish.value, wish.by);

  const rejected: RejectedRuntime[] = [];
  for (const candidate of candidates) {
    const start = await tryStart(candidate, false);
    if (start.usable) {
      const unavailable = rejected.map(({ name }) => name).join(', ');
      const reason = rejected.length === 0 ? 'the fastest there is' : `the fastest that works here; not available: ${unavailable}`;
      return { name: candidate.name, ...start.facts, reason, rejected };
    }
    rejected.push({ name: candidate.name, ...start.problem });
  }
  throw new NetSpaceError('UNAVAILABLE', `selectRuntime: expected a runtime that works, got ${rejected.map(describe).join('; ')}`);
}

async function startForced(value: string, by: string): Promise<SelectedRuntime> {
  if (!isRuntimeName(value)) {
    throw new NetSpaceError('INVALID_OPTION', `selectRuntime: expected ${by} to be one of ${RUNTIME_NAMES.join(', ')}, got ${value}`);
  }
  const start = await tryStart(
    candidates.find(({ name }) => name === value)!,
    true,
  );
  if (!start.usable) {
    throw new NetSpaceError(
      'UNAVAILABLE',
      `selectRuntime: expected the runtime that ${by} asks for to work, got ${describe({ name: value, ...start.problem })}`,
    );
  }
  return { name: value, ...start.facts, reason: `asked for by ${by}`, rejected: [] };
}

/** If a runtime fails in an unforeseen way, slower ones must still be tried. */
export async function tryStart(candidate: RuntimeCandidate, forced: boolean): Promise<RuntimeStart> {
  try {
    return await candidate.start({ forced });
  } catch (error) {
    return unusable({ present: true, reason: error instanceof Error ? error.message : String(error) });
  }
}

const describe = ({ name, reason, remedy }: RejectedRuntime): string => `${name}: ${reason}${remedy === undefined ? '' : `; ${remedy}`}`;
