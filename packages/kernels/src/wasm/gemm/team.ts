import { type GemmFunction } from './gemm-module.js';
import { maxChunks } from './split-product.js';

/** Everything that a helper thread needs; all of it can be posted to a worker. */
export interface TeamMember {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Byte address of the member's control block: its state, and its scratch memory for the job at hand. */
  readonly control: number;
  /** Byte address of the team's job: the next chunk, how many there are, and each one's arguments. */
  readonly job: number;
  readonly jobBytes: number;
}

/** Starts a thread that runs `teamWorkerSource` with this data. Node and browsers do this in different ways. */
export type StartMember = (data: TeamMember) => void;

const IDLE = 0;
const BUSY = 1;

const ARGUMENTS = 14;
const SCRATCH_ARGUMENT = 12;
const HEADER = 2;

/** Bytes of a control block: more than a cache line, so that threads do not share one. */
export const CONTROL_BYTES = 128;

/** Bytes of the job of a team. */
export const jobBytes = (threads: number): number => 4 * (HEADER + ARGUMENTS * maxChunks(threads));

/** A thread checks this often before it sleeps, because waking takes longer than the last lines of most products. */
const SPINS = 2_000;

/**
 * The program of a thread, as source text, because a bundle has no file for it. In a loop it waits for a job, computes chunks until none is
 * left, and reports that it is done. The text is the body of a function of `data: TeamMember`.
 */
export const teamWorkerSource = `
const { gemm } = new WebAssembly.Instance(data.module, { env: { memory: data.memory } }).exports;
const state = new Int32Array(data.memory.buffer, data.control, 2);
const job = new Int32Array(data.memory.buffer, data.job, data.jobBytes / 4);
for (;;) {
  for (let spin = 0; spin < ${SPINS} && Atomics.load(state, 0) === ${IDLE}; spin++);
  Atomics.wait(state, 0, ${IDLE});
  for (let chunk; (chunk = Atomics.add(job, 0, 1)) < job[1]; ) {
    const args = job.slice(${HEADER} + chunk * ${ARGUMENTS}, ${HEADER} + (chunk + 1) * ${ARGUMENTS});
    args[${SCRATCH_ARGUMENT}] = state[1];
    gemm(...args);
  }
  Atomics.store(state, 0, ${IDLE});
  Atomics.notify(state, 0);
}`;

/** Writes down a job; no member may be at work. */
export function writeJob(job: Int32Array, chunks: readonly Parameters<GemmFunction>[]): void {
  job[0] = 0;
  job[1] = chunks.length;
  chunks.forEach((args, i) => job.set(args, HEADER + i * ARGUMENTS));
}

/** Wakes a member for the job that is written down. */
export function wake(state: Int32Array, scratch: number): void {
  state[1] = scratch;
  Atomics.store(state, 0, BUSY);
  Atomics.notify(state, 0);
}

/** Computes chunks of the job together with the members, until none is left. */
export function takePart(job: Int32Array, compute: (chunk: number) => void): void {
  for (let chunk = Atomics.add(job, 0, 1); chunk < job[1]!; chunk = Atomics.add(job, 0, 1)) compute(chunk);
}

/** Waits until a member is done. It sleeps if the thread may sleep (a browser's main thread may not). */
export function join(state: Int32Array): void {
  for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(state, 0) === IDLE) return;
  while (Atomics.load(state, 0) !== IDLE) {
    try {
      Atomics.wait(state, 0, BUSY, 1_000);
    } catch {
      // a browser's main thread may not sleep: check again
    }
  }
}
