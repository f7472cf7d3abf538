import type { Precision } from '@netspace/kernels';

/** Every runtime, fastest first: the order in which `selectRuntime` tries them. */
export const RUNTIME_NAMES = ['tensorflow-gpu', 'tensorflow', 'webgpu', 'wasm', 'cpu'] as const;

export type RuntimeName = (typeof RUNTIME_NAMES)[number];

export const isRuntimeName = (name: string): name is RuntimeName => RUNTIME_NAMES.some((known) => known === name);

/** What the option `precision` chooses from. */
export const PRECISIONS = ['float32', 'bfloat16'] as const satisfies readonly Precision[];

export const isPrecision = (name: unknown): name is Precision => PRECISIONS.some((known) => known === name);

/** Description of a running runtime. */
export interface RuntimeFacts {
  /** Name of the TensorFlow.js backend, as `tf.getBackend()` gives it. */
  readonly backend: string;
  /** Version of the library that computes. */
  readonly version: string;
  /** The processor or graphics card. */
  readonly device: string;
  /** Threads that one operation may use; `undefined` on a GPU. */
  readonly threads: number | undefined;
  /** Memory that tensors may fill, in bytes; `undefined` if the driver does not tell. */
  readonly memoryBytes: number | undefined;
}

export interface RuntimeProblem {
  /** Whether the runtime is installed, although it does not work. */
  readonly present: boolean;
  readonly reason: string;
  /** The command or step that would make it work; left out if there is none. */
  readonly remedy?: string;
}

export type RuntimeStart =
  | { readonly usable: true; readonly facts: RuntimeFacts }
  | { readonly usable: false; readonly problem: RuntimeProblem };

export const unusable = (problem: RuntimeProblem): RuntimeStart => ({ usable: false, problem });

/** One way to run TensorFlow.js in Node. */
export interface RuntimeCandidate {
  readonly name: RuntimeName;
  /**
   * Loads the runtime, registers our kernels for it and makes it the current backend; quick (no measurement).
   *
   * @param forced whether the user asked for exactly this runtime. It is then started even if another one would be faster here
   */
  start(options: { readonly forced: boolean }): Promise<RuntimeStart>;
}

/** One line of `netspace doctor`. */
export interface RuntimeReport {
  readonly name: RuntimeName;
  readonly present: boolean;
  readonly usable: boolean;
  readonly version: string | undefined;
  readonly device: string | undefined;
  readonly threads: number | undefined;
  readonly memoryBytes: number | undefined;
  /** Speed of one fixed convolution, 10⁹ floating-point operations a second. */
  readonly gflopsForward: number | undefined;
  /** Speed of its two gradients. */
  readonly gflopsBackward: number | undefined;
  /** Why it is not usable. */
  readonly reason?: string;
  /** The command that would change that. */
  readonly remedy?: string;
}
