import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What a contender says of one round. */
export interface Round {
  readonly seconds: number;
  readonly peakBytes: number;
  /** Of the process, in seconds; NaN from one that does not say it. */
  readonly processorSeconds: number;
}

/** A process that waits between rounds, so that contenders can take turns on one machine. */
export interface Contender {
  readonly name: string;
  /** What the process said of itself: versions, threads. */
  readonly about: Readonly<Record<string, unknown>>;
  /** One round. */
  run(): Promise<Round>;
  stop(): void;
}

/**
 * Starts a process that prints one JSON line when it is ready and one for each line that it is sent.
 *
 * @throws Error with the end of its stderr if it stops early
 */
export async function startContender(
  name: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Contender> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-4000);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name} stopped: ${complaints.trim().slice(-600)}`);
      if (value.startsWith('{')) return JSON.parse(value) as Record<string, unknown>;
    }
  };
  const about = await answer();
  return {
    name,
    about,
    async run() {
      child.stdin.write('\n');
      const { seconds, peakBytes, processorSeconds } = await answer();
      return { seconds: Number(seconds), peakBytes: Number(peakBytes), processorSeconds: Number(processorSeconds) };
    },
    stop: () => void child.kill(),
  };
}
