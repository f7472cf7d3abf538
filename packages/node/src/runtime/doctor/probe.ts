import { childResult, forkScript } from '../process/child-script.js';
import type { ConvolutionSpeed } from './convolution-speed.js';
import type { RuntimeName, RuntimeReport, RuntimeStart } from '../runtime.js';

/** The messages of the child process: how the runtime started, then its speed. */
export interface Probe {
  readonly start: RuntimeStart;
  readonly speed?: ConvolutionSpeed;
}

/** Slow machines take this long to load a runtime and run the convolution in plain JavaScript. */
const LIMIT_SECONDS = 120;

/**
 * Starts and measures one runtime in a process of its own, so that one that crashes is only a line in a report.
 *
 * @param forced also measure a runtime that is known to be slower than another one here
 */
export async function probeRuntime(
  name: RuntimeName,
  {
    forced = false,
    env = process.env,
    signal,
  }: { readonly forced?: boolean; readonly env?: NodeJS.ProcessEnv; readonly signal?: AbortSignal | undefined } = {},
): Promise<RuntimeReport> {
  const child = forkScript('runtime/doctor/probe-main', { args: [name, forced ? 'forced' : ''], env });
  const stop = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop);
  const { message, failure } = await childResult(child, { seconds: LIMIT_SECONDS, isMessage: isProbe }).finally(() =>
    signal?.removeEventListener('abort', stop),
  );
  if (message === undefined) {
    return { ...report(name), present: true, reason: `the process that tried it ${failure === '' ? 'sent nothing' : failure}` };
  }
  const { start, speed } = message;
  if (!start.usable) return { ...report(name), ...start.problem };
  const { version, device, threads, memoryBytes } = start.facts;
  const facts = { ...report(name), present: true, version, device, threads, memoryBytes };
  if (speed === undefined) return { ...facts, reason: `it starts, but the process that measured it ${failure}` };
  return { ...facts, usable: true, ...speed };
}

const isProbe = (value: unknown): value is Probe => typeof value === 'object' && value !== null && 'start' in value;

const report = (name: RuntimeName): RuntimeReport => ({
  name,
  present: false,
  usable: false,
  version: undefined,
  device: undefined,
  threads: undefined,
  memoryBytes: undefined,
  gflopsForward: undefined,
  gflopsBackward: undefined,
});
