import { type Precision, setPrecision } from '@netspace/kernels';
import { NetSpaceError } from '@netspace/prep';
import { refuseUnknown } from '@netspace/prep/internal';

import { registerFileHandler } from '../files/file-handler.js';
import { candidates } from './candidates.js';
import {
  isPrecision,
  isRuntimeName,
  PRECISIONS,
  RUNTIME_NAMES,
  unusable,
  type RuntimeCandidate,
  type RuntimeFacts,
  type RuntimeName,
  type RuntimeProblem,
  type RuntimeStart,
} from './runtime.js';
import { bfloat16Problem } from './tensorflow/bfloat16.js';

export interface SelectRuntimeOptions {
  /**
   * Use exactly this one; wins over the environment variable `NETSPACE_RUNTIME`.
   *
   * @default the fastest that works
   */
  readonly prefer?: RuntimeName | undefined;
  /**
   * What large products and convolutions multiply. `bfloat16` keeps 8 significant bits of their inputs and results, and is faster on
   * `tensorflow`, the only runtime that has it, on processors with `avx512_bf16` or `amx_bf16`.
   *
   * @default 'float32'
   */
  readonly precision?: Precision | undefined;
}

export interface RejectedRuntime extends RuntimeProblem {
  readonly name: RuntimeName;
}

export interface SelectedRuntime extends RuntimeFacts {
  readonly name: RuntimeName;
  /** What large products and convolutions multiply. */
  readonly precision: Precision;
  /** The reason for this runtime. */
  readonly reason: string;
  /** The faster runtimes, with the reason why each was not taken. */
  readonly rejected: readonly RejectedRuntime[];
}

/**
 * Makes the fastest runtime that works here the current TensorFlow.js backend, with our kernels for it.
 *
 * It tries `tensorflow-gpu`, `tensorflow`, `webgpu`, `wasm` and `cpu`, in this order. It prints nothing and measures nothing (`doctor`
 * does). From then on `file://` URLs work (`registerFileHandler`). It may be called again to change the runtime or the precision.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the asked-for runtime or precision is unknown, or if the runtime lacks the precision;
 * `UNAVAILABLE` if it does not work here
 * @example
 * ```ts
 * import { selectRuntime } from '@netspace/node';
 *
 * const { name } = await selectRuntime({ prefer: 'wasm' });
 * console.log(name); // wasm
 * ```
 */
export async function selectRuntime(options: SelectRuntimeOptions = {}): Promise<SelectedRuntime> {
  refuseUnknown('selectRuntime', options, ['prefer', 'precision']); // `prefer` is checked below, like NETSPACE_RUNTIME
  const { prefer, precision = 'float32' } = options;
  registerFileHandler();
  const wish =
    prefer === undefined
      ? { value: process.env['NETSPACE_RUNTIME'] ?? '', by: 'NETSPACE_RUNTIME' }
      : { value: prefer, by: "option 'prefer'" };
  checkPrecision(precision, wish);
  const started = await start(
    precision === 'bfloat16' ? { value: 'tensorflow', by: wish.value === '' ? "option 'precision'" : wish.by } : wish,
  );
  checkProcessor(precision, started);
  setPrecision(precision);
  return { ...started, precision };
}

interface Wish {
  /** Empty for the fastest runtime. */
  readonly value: string;
  readonly by: string;
}

type Started = Omit<SelectedRuntime, 'precision'>;

async function start(wish: Wish): Promise<Started> {
  if (wish.value !== '') return startForced(wish);

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

async function startForced({ value, by }: Wish): Promise<Started> {
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

/** Refuses a precision that is unknown, that the wished-for runtime lacks, or that the processor lacks; before anything is loaded. */
function checkPrecision(precision: Precision, { value, by }: Wish): void {
  if (!isPrecision(precision)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `selectRuntime: expected option 'precision' to be one of ${PRECISIONS.join(', ')}, got ${String(precision)}`,
    );
  }
  if (precision === 'float32') return;
  if (value !== '' && value !== 'tensorflow') {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `selectRuntime: expected the runtime tensorflow with precision bfloat16, the only one that has it, got ${value} from ${by}; leave one of the two out`,
    );
  }
  const problem = bfloat16Problem();
  if (problem === undefined) return;
  throw new NetSpaceError(
    'UNAVAILABLE',
    `selectRuntime: expected for precision bfloat16 ${problem}; leave the precision out to compute in float32`,
  );
}

/** TensorFlow on a GPU, once loaded, stays, also where `tensorflow` is asked for. */
function checkProcessor(precision: Precision, { threads, device }: Started): void {
  if (precision === 'float32' || threads !== undefined) return;
  throw new NetSpaceError(
    'UNAVAILABLE',
    `selectRuntime: expected TensorFlow on the processor for precision bfloat16, got ${device}, which this process has loaded before; start a new process`,
  );
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
