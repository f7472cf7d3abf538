import { type GemmFunction } from './gemm-module.js';

/** Everything that a helper thread needs; all of it can be posted to a worker. */
export interface TeamMember {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Byte address of the member's control block: its state, then the product's arguments. */
  readonly control: number;
}

/** Starts a thread that runs `teamWorkerSource` with this data; how, differs between Node and browsers. */
export type StartMember = (data: TeamMember) => void;

const IDLE = 0;
const BUSY = 1;
const ARGUMENTS = 14;

/** Bytes of a control block: a cache line more than it needs, so that threads do not share one. */
export const CONTROL_BYTES = 128;

/** Looks this often before it sleeps: waking takes longer than most products' last lines. */
const SPINS = 2_000;

/**
 * What a thread does, as source text, since a bundle has no file for it: waits for work, computes, says so, for ever.
 * The text is the body of a function of `data: TeamMember`.
 */
export const teamWorkerSource = `
const { gemm } = new WebAssembly.Instance(data.module, { env: { memory: data.memory } }).exports;
const state = new Int32Array(data.memory.buffer, data.control, ${1 + ARGUMENTS});
for (;;) {
  for (let spin = 0; spin < ${SPINS} && Atomics.load(state, 0) === ${IDLE}; spin++);
  Atomics.wait(state, 0, ${IDLE});
  gemm(...state.subarray(1));
  Atomics.store(state, 0, ${IDLE});
  Atomics.notify(state, 0);
}`;

/** Hands a product to a member. */
export function assign(state: Int32Array, args: Parameters<GemmFunction>): void {
  state.set(args, 1);
  Atomics.store(state, 0, BUSY);
  Atomics.notify(state, 0);
}

/** Waits until a member is done; sleeps where the thread may (not on a browser's main thread). */
export function join(state: Int32Array): void {
  for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(state, 0) === IDLE) return;
  while (Atomics.load(state, 0) !== IDLE) {
    try {
      Atomics.wait(state, 0, BUSY, 1_000);
    } catch {
      // a browser's main thread may not sleep: look again
    }
  }
}

export const controlBlock = (memory: WebAssembly.Memory, address: number): Int32Array =>
  new Int32Array(memory.buffer, address, 1 + ARGUMENTS);
